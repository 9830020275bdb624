"""城市部件事件 city incident: a report is accepted, dispatched, handled, checked, closed and rated.

Stages follow the order of local rules on digital urban management (信息收集 to 综合评价, `standards.md` 1.1). The time
limits are proposals: Nanhai's own are in no public page seen; a district sets its own.
"""

from __future__ import annotations

from yiwang.engines.directory.spec import Role, working_days, working_hours
from yiwang.engines.forms.spec import Boolean, Choice, Form, LongText, Photo, Place, Section, Text
from yiwang.engines.processes.spec import CaseType, End, Exclusive, Start, UserTask
from yiwang.kernel.app import App

ACCEPTOR = Role(
    key="acceptor", title="受理员", scope="town", may=("open", "cancel", "suspend", "resume", "merge", "see_personal")
)
DISPATCHER = Role(
    key="dispatcher",
    title="派遣员",
    scope="town",
    may=("open", "transfer", "extend", "refuse_extension", "cancel", "merge"),
)
BUREAUS = ("water", "urban", "traffic", "power")
HANDLER = Role(key="handler", title="处置人员", scope="town", sees="organisation", at=BUREAUS)
INSPECTOR = Role(key="inspector", title="核查员", scope="town", may=("open",))
SUPERVISOR = Role(
    key="supervisor",
    title="值班长",
    scope="district",
    may=(
        "supervise",
        "lift_supervision",
        "suspend",
        "resume",
        "extend",
        "refuse_extension",
        "cancel",
        "transfer",
        "merge",
    ),
)

CLASSES = {
    "manhole": "井盖缺失或破损",
    "road": "道路破损",
    "lamp": "路灯不亮",
    "waste": "暴露垃圾",
    "water": "积水或排水不畅",
    "other": "其他",
}
UNITS = {"water": "水务", "urban": "城管", "traffic": "交通", "power": "供电"}

REPORT = Form(
    key="report",
    title="我要上报",
    paged=True,
    sections=(
        Section("发生了什么", ("category", "description")),
        Section("在什么地方", ("place",), hint="在地图上点一下，或写明地址；两样都有最好。"),
        Section("拍张照片", ("before",)),
        Section("怎样联系您", ("reporter_name", "reporter_phone"), hint="可以不填。留下手机号码，查询进度更方便。"),
    ),
    fields=(
        Choice("category", "问题类别", required=True, options=CLASSES),
        LongText("description", "情况说明", required=True, max_length=500, example="小学门口东侧人行道井盖缺失"),
        Place("place", "地点", required=True, unknown_allowed=True),
        Photo("before", "现场照片", at_most=4, hint="拍清楚问题和周围环境，最多 4 张。"),
        Text("reporter_name", "姓名", max_length=40, personal=True, autocomplete="name"),
        Text("reporter_phone", "手机号码", content="phone", personal=True, hint="仅用于联系您和查询进度。"),
    ),
)
ACCEPT = Form(
    key="accept",
    title="受理",
    fields=(
        Choice("accepted", "是否受理", required=True, options={"yes": "受理", "no": "不予受理"}),
        LongText("refusal", "不予受理的理由", required_when='accepted = "no"', visible_when='accepted = "no"'),
        Choice("urgency", "紧急程度", options={"ordinary": "一般", "urgent": "紧急"}, visible_when='accepted = "yes"'),
    ),
)
DISPATCH = Form(
    key="dispatch",
    title="派遣",
    fields=(
        Choice("unit", "主办单位", required=True, options=UNITS),
        LongText("instruction", "派遣意见", max_length=300),
    ),
)
HANDLE = Form(
    key="handle",
    title="处置",
    fields=(
        LongText("measure", "处置情况", required=True, max_length=500),
        Photo("after", "处置后照片", at_most=4),
    ),
)
VERIFY = Form(
    key="verify",
    title="核查",
    fields=(
        Boolean("fixed", "问题是否已解决", required=True),
        LongText("finding", "核查意见", required_when="fixed = false", max_length=300),
    ),
)

INCIDENT = CaseType(
    key="incident",
    title="城市部件事件",
    within=working_days(5),
    subject="description",
    category="category",
    place="place",
    rated=True,
    public=True,
    answer=("refusal", "measure", "after"),
    watchers=(SUPERVISOR,),
    nodes=(
        Start(title="上报", form=REPORT),
        UserTask("accept", "受理", by=ACCEPTOR, form=ACCEPT, within=working_hours(2)),
        Exclusive("is_accepted", "是否受理", when={"dispatch": 'accepted = "yes"'}, otherwise="refused"),
        End("refused", "不予受理", outcome="refused"),
        UserTask("dispatch", "派遣", by=DISPATCHER, form=DISPATCH, within=working_hours(2)),
        UserTask(
            "handle", "处置", by=HANDLER, form=HANDLE, within=working_days(3), organisation="unit", keeps_clock=True
        ),
        UserTask("verify", "核查", by=INSPECTOR, form=VERIFY, within=working_hours(4)),
        Exclusive("is_fixed", "是否解决", when={"closed": "fixed"}, otherwise="handle"),
        End("closed", "结案", outcome="closed"),
    ),
)

APP = App(
    key="city_incident",
    title="城市部件事件",
    net="governance",
    rows=("R37", "R41"),
    figures={"incidents": 130_000, "closure_rate": 0.9941},
    parts=(ACCEPTOR, DISPATCHER, HANDLER, INSPECTOR, SUPERVISOR, INCIDENT),
)
