"""Open311 GeoReport v2: other programs report city problems and follow them, in the words of an open standard.

The standard's resources and the extension of updates and states by FixMyStreet are followed in form; what stands behind
them is `city_incident.incident`. What is public, how soon, and how often one may ask are proposals in a book.
"""

from __future__ import annotations

from yiwang.apps.governance.open311.verbs import EDIT_SERVICES, KEEP_KEYS
from yiwang.engines.directory.spec import Role
from yiwang.engines.rulebooks.spec import Book, Input, Output
from yiwang.kernel.app import App

DATATYPES = {
    "string": "一行文字", "number": "数字", "datetime": "时间", "text": "多行文字", "singlevaluelist": "单选",
    "multivaluelist": "多选",
}  # fmt: skip
TYPES = {"realtime": "当场给编号", "batch": "先给凭据", "blackbox": "不给编号"}
OPTIONS = {
    "coordinate_digits": "经纬度公开到小数点后几位", "publish_unreviewed": "受理前公开文字（1 是，0 否）",
    "repeat_minutes": "同一设备几分钟内发来同样内容算一件", "anonymous_per_minute": "没有密钥的地址每分钟可读几次",
    "posts_per_minute": "新密钥每分钟可用几次",
}  # fmt: skip

KEEPER = Role(key="interface_keeper", title="接口管理员", at=("data",), may=(KEEP_KEYS, EDIT_SERVICES))
SERVICES = Book(
    key="services",
    title="Open311 服务",
    hint="在公众类别和现行的城市管理类别之外另列的服务，或对其中一个的改写：代码相同的以这里为准。",
    edit_verb=EDIT_SERVICES,
    inputs=(Input("service_code", "服务代码", is_required=True),),
    outputs=(
        Output("service_name", "服务名称", is_required=True),
        Output("description", "服务说明"),
        Output("group", "服务分组"),
        Output("keywords", "关键词", hint="用逗号隔开。"),
        Output("type", "答复方式", kind="choice", options=TYPES),
        Output("category", "公众类别", is_required=True, hint="上报表单里的类别键，如 manhole、other。"),
        Output("class_code", "类别编码", hint="城市管理类别里的编码，如 E0102；不写则由受理员定。"),
        Output("is_hidden", "不再列出", kind="boolean"),
    ),
)
ATTRIBUTES = Book(
    key="attributes",
    title="Open311 服务问题",
    hint="选了某项服务时还要问的。单选、多选在“选项”里一行写一个：键=名称。",
    edit_verb=EDIT_SERVICES,
    inputs=(Input("service_code", "服务代码", is_required=True), Input("code", "问题代码", is_required=True)),
    outputs=(
        Output("description", "问题", is_required=True),
        Output("datatype", "回答类型", kind="choice", options=DATATYPES, is_required=True),
        Output("is_required", "必须回答", kind="boolean"),
        Output("is_notice", "只是说明，不用回答", kind="boolean"),
        Output("datatype_description", "怎样填"),
        Output("place", "次序", kind="whole"),
        Output("values", "选项"),
    ),
)
SETTINGS = Book(
    key="settings",
    title="Open311 设置",
    edit_verb=EDIT_SERVICES,
    inputs=(Input("name", "设置项", is_required=True, options=OPTIONS),),
    outputs=(Output("value", "设置值", kind="whole", is_required=True),),
)

APP = App(
    key="open311",
    title="Open311 开放接口",
    net="governance",
    rows=("R37",),
    parts=(KEEPER, SERVICES, ATTRIBUTES, SETTINGS),
)
