"""What each step of a city incident asks."""

from __future__ import annotations

from yiwang.engines.forms.spec import Boolean, Choice, Form, Listed, LongText, Photo, Place, Section, Text

CLASSES = {
    "manhole": "井盖缺失或破损",
    "road": "道路破损",
    "lamp": "路灯不亮",
    "waste": "暴露垃圾",
    "water": "积水或排水不畅",
    "other": "其他",
}
"""What people choose from; the official class is set by who accepts."""
UNITS = {"water": "水务", "urban": "城管", "traffic": "交通", "power": "供电"}
LEVELS = {"village": "村居", "town": "镇街", "district": "区"}
SOURCES = {
    "citizen": "市民上报", "call": "电话", "inspector": "采集员", "patrol": "网格巡查", "email": "电子邮件",
    "open311": "Open311", "api": "接口", "sensor": "感知设备", "platform": "其他平台",
}  # fmt: skip

REPORT = Form(
    key="report",
    title="我要上报",
    direction="路边、公园里看到的问题：井盖、路灯、路面、垃圾、积水等。",
    paged=True,
    sections=(
        Section("发生了什么", ("category", "description")),
        Section("拍张照片", ("before",), hint="打开手机的定位再拍，下一步就不用找地点了。"),
        Section("在什么地方", ("place",), hint="在地图上点一下，或写明地址；两样都有最好。"),
        Section("怎样联系您", ("reporter_name", "reporter_phone"), hint="可以不填。留下手机号码，查询进度更方便。"),
    ),
    fields=(
        Choice("category", "问题类别", required=True, options=CLASSES),
        LongText("description", "情况说明", required=True, max_length=500, example="小学门口东侧人行道井盖缺失"),
        Photo("before", "现场照片", at_most=4, hint="拍清楚问题和周围环境，最多 4 张。"),
        Place("place", "地点", required=True, unknown_allowed=True),
        Text("reporter_name", "姓名", max_length=40, personal=True, autocomplete="name"),
        Text("reporter_phone", "手机号码", content="phone", personal=True, hint="仅用于联系您和查询进度。"),
    ),
)
ACCEPT = Form(
    key="accept",
    title="受理",
    fields=(
        Choice(
            "accepted", "是否受理", required=True,
            options={"yes": "受理立案", "confirm": "先到现场核实", "no": "不予受理"},
        ),
        LongText("refusal", "不予受理的理由", required_when='accepted = "no"', visible_when='accepted = "no"'),
        Listed(
            "class_code", "类别", source="catalogue.classes", required_when='accepted != "no"',
            visible_when='accepted != "no"', hint="决定时限、取证要求和由哪一级办理。",
        ),
        Choice(
            "urgency", "紧急程度", options={"ordinary": "一般", "urgent": "紧急"}, visible_when='accepted != "no"'
        ),
    ),
)  # fmt: skip
CONFIRM = Form(
    key="confirm",
    title="核实",
    fields=(
        Boolean("is_real", "问题是否属实", required=True),
        LongText("finding_on_site", "现场情况", required_when="is_real = false", max_length=300),
        Photo("on_site", "现场照片", at_most=4),
    ),
)
DISPATCH = Form(
    key="dispatch",
    title="派遣",
    fields=(
        Choice("unit", "主办单位", required=True, options=UNITS),
        Choice("helpers", "协办单位", multiple=True, options=UNITS, hint="协办单位都答复后，主办才能办结。"),
        Choice("level", "由哪一级办理", options=LEVELS, hint="小事不出村，中事不出镇，大事不出区；不选为镇街。"),
        LongText("instruction", "派遣意见", max_length=300),
    ),
)
HANDLE = Form(
    key="handle",
    title="处置",
    fields=(
        LongText("measure", "处置情况", required=True, max_length=500),
        Photo("after", "处置后照片", at_most=4, hint="在现场拍，打开手机的定位；须是派遣之后拍的。"),
    ),
)
ASSIST = Form(key="assist", title="协办答复", fields=(LongText("reply", "协办情况", required=True, max_length=500),))
VERIFY = Form(
    key="verify",
    title="核查",
    fields=(
        Boolean("fixed", "问题是否已解决", required=True),
        Boolean("seen_on_site", "我已到现场查看"),
        LongText("finding", "核查意见", required_when="fixed = false", max_length=300),
    ),
)
