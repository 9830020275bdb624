"""What is asked at each step of an appeal. A sealed one is asked the same, but where it happened."""

from __future__ import annotations

from yiwang.apps.governance.direct_line.posts import UNITS
from yiwang.engines.forms.spec import Boolean, Choice, Form, Listed, LongText, Photo, Place, Section, Text

KINDS = {
    "consult": "咨询", "help": "求助", "complaint": "投诉", "report": "举报", "suggestion": "建议", "praise": "表扬",
}  # fmt: skip
CHANNELS = {"phone": "电话", "wechat": "微信", "web": "网站", "app": "手机应用", "letter": "来信"}
ANSWER_BY = {"phone": "电话", "message": "短信", "letter": "书信", "none": "不需要答复"}
HANDLINGS = {
    "answered": "当场答复", "connected": "三方通话答复", "sent": "转单位办理", "incident": "转为城市事件",
    "refused": "不予受理",
}  # fmt: skip
GRADES = {"5": "非常满意", "4": "满意", "3": "基本满意", "2": "不满意", "1": "非常不满意"}
INCIDENT_CLASSES = {
    "manhole": "井盖缺失或破损", "road": "道路破损", "lamp": "路灯不亮", "waste": "暴露垃圾", "water": "积水或排水不畅",
    "other": "其他",
}  # fmt: skip
"""The everyday classes under which a city problem is opened."""

_KIND = Choice("kind", "诉求类别", required=True, options=KINDS)
_SUBJECT = Text("subject", "标题", required=True, max_length=60, example="公交站台夜间照明不足")
_TEXT = LongText("text", "诉求内容", required=True, max_length=2000, hint="写明时间、地点、经过和您希望怎样解决。")
_PHOTOS = Photo("photos", "照片", at_most=4)
_NAME = Text("name", "姓名", max_length=40, personal=True, autocomplete="name")
_NEEDS_PHONE = 'answer_by = "phone" or answer_by = "message"'
_PHONE = Text(
    "phone",
    "手机号码",
    content="phone",
    personal=True,
    required_when=_NEEDS_PHONE,
    hint="凭编号和手机号码后四位可随时查询；匿名的请保存回执链接。",
)
_ANSWER_BY = Choice("answer_by", "希望怎样答复", options=ANSWER_BY)

INTAKE = Form(
    key="intake",
    title="我要反映",
    paged=True,
    direction="咨询、求助、投诉、举报、建议和表扬都可以；需要保密的举报，请改走“密件举报”。",
    sections=(
        Section("反映什么", ("kind", "subject", "text")),
        Section("在什么地方", ("place", "photos"), hint="与地点无关的可以不填。"),
        Section("怎样答复您", ("answer_by", "name", "phone"), hint="可以匿名。"),
    ),
    fields=(_KIND, _SUBJECT, _TEXT, Place("place", "地点", unknown_allowed=True), _PHOTOS, _ANSWER_BY, _NAME, _PHONE),
)
WHERE = Form(key="where", title="地点", fields=(INTAKE.by_key["place"],))
"""The place alone, for the desk, which draws the rest of `INTAKE` in its own way."""
SEALED_INTAKE = Form(
    key="sealed_intake",
    title="密件举报",
    paged=True,
    direction="内容和举报人信息只有密件专员和指定的承办人员能看到；其他人员只见到“密件”二字。",
    sections=(
        Section("举报什么", ("kind", "subject", "text", "photos")),
        Section("怎样答复您", ("answer_by", "name", "phone"), hint="可以匿名。"),
    ),
    fields=(
        Choice("kind", "诉求类别", required=True, options={"report": "举报", "complaint": "投诉"}),
        _SUBJECT, _TEXT, _PHOTOS, _ANSWER_BY, _NAME, _PHONE,
    ),
)  # fmt: skip


def _accept(key: str, title: str, handlings: dict[str, str], *more: Choice | Listed | Place) -> Form:
    on_the_spot = 'handling = "answered" or handling = "connected"'
    return Form(
        key=key,
        title=title,
        fields=(
            Choice("handling", "如何办理", required=True, options=handlings),
            LongText("reply", "答复内容", visible_when=on_the_spot, required_when=on_the_spot),
            Choice("unit", "主办单位", options=UNITS, visible_when='handling = "sent"',
                   required_when='handling = "sent"', hint="地点已知的由该镇街的单位承办，否则由区级部门承办。"),
            LongText("instruction", "转办意见", max_length=300, visible_when='handling = "sent"'),
            LongText("refusal", "不予受理的理由", visible_when='handling = "refused"',
                     required_when='handling = "refused"'),
            *more,
        ),
    )  # fmt: skip


ACCEPT = _accept(
    "accept", "受理", HANDLINGS,
    Choice("connected_unit", "接通的单位", options=UNITS, visible_when='handling = "connected"',
           required_when='handling = "connected"'),
    Choice("incident_class", "问题类别", options=INCIDENT_CLASSES, visible_when='handling = "incident"',
           required_when='handling = "incident"'),
    Listed("class_code", "类别", source="catalogue.classes", visible_when='handling = "incident"'),
    Place("place", "地点", unknown_allowed=True, visible_when='handling = "incident" or handling = "sent"',
          required_when='handling = "incident"'),
    Choice("channel", "来件渠道", options=CHANNELS, hint="市民在网上提交的不用选。"),
)  # fmt: skip
SEALED_ACCEPT = _accept(
    "sealed_accept", "密件受理", {key: HANDLINGS[key] for key in ("answered", "sent", "refused")}
)  # fmt: skip
HANDLE = Form(
    key="handle",
    title="办理",
    fields=(
        Boolean("ruled", "已经裁定"),
        Choice("result", "办理结果", required=True,
               options={"replied": "已办理，提交答复", "returned": "不属本单位，退回"},
               options_when='if ruled = true then ["replied"] else null', hint="裁定后不能再退回。"),
        LongText("reply", "答复内容", visible_when='result = "replied"', required_when='result = "replied"'),
        LongText("return_reason", "退回理由", visible_when='result = "returned"', required_when='result = "returned"',
                 max_length=300, hint="诉求人能看到这条理由，请写明依据和建议的承办单位。"),
        Photo("evidence", "办理照片", at_most=4, visible_when='result = "replied"'),
    ),
)  # fmt: skip
_UNIT = Choice("unit", "主办单位", required=True, options=UNITS)
RESEND = Form(key="resend", title="改派", fields=(_UNIT, LongText("instruction", "转办意见", max_length=300)))
RULE = Form(
    key="rule", title="裁定", fields=(_UNIT, LongText("ruling", "裁定意见", required=True, max_length=500))
)  # fmt: skip
CHECK = Form(
    key="check",
    title="审核答复",
    fields=(
        Boolean("passed", "答复是否合格", required=True, hint="答非所问、没有依据、推诿的不合格。"),
        LongText("finding", "审核意见", max_length=300, visible_when="passed = false", required_when="passed = false"),
    ),
)
_REACHED = 'contact = "connected"'
CALLBACK = Form(
    key="callback",
    title="回访",
    fields=(
        Choice("contact", "联系结果", required=True,
               options={"connected": "已接通", "no_answer": "无人接听", "refused": "不愿回访"}),
        Boolean("resolved", "问题是否解决", visible_when=_REACHED, required_when=_REACHED),
        Choice("grade", "是否满意", options=GRADES, visible_when=_REACHED, required_when=_REACHED),
        LongText("callback_note", "回访记录", max_length=500),
    ),
)  # fmt: skip
FOLLOW_UP = Form(
    key="follow_up_start",
    title="差评回访登记",
    fields=(
        Text("appeal", "诉求编号", required=True, max_length=40),
        Text("appeal_subject", "标题", max_length=60),
        Choice("rating", "诉求人评价", required=True, options=GRADES),
        Text("name", "姓名", max_length=40, personal=True),
        Text("phone", "手机号码", content="phone", personal=True),
    ),
)
