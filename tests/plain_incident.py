"""The city incident as plain as a process can be: what the engines' own tests run, so that they try engines only.

Same keys, roles and words as the system of the report, without catalogue, matrix, proof and levels; those have tests of
their own where they live.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from yiwang.apps.governance.city_incident.app import (
    ACCEPTOR,
    APP,
    CLASSES,
    DISPATCHER,
    HANDLER,
    INSPECTOR,
    SUPERVISOR,
    UNITS,
)
from yiwang.engines.directory.spec import working_days, working_hours
from yiwang.engines.forms.spec import Boolean, Choice, Form, LongText, Photo, Place, Section, Text
from yiwang.engines.processes.spec import CaseType, End, Exclusive, Start, UserTask
from yiwang.kernel.app import App, registry

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

PLAIN = App(
    key="city_incident",
    title=APP.title,
    net=APP.net,
    rows=APP.rows,
    parts=(ACCEPTOR, DISPATCHER, HANDLER, INSPECTOR, SUPERVISOR, INCIDENT),
)


@contextmanager
def plain_apps() -> Iterator[None]:
    """The platform with the plain incident alone. Other systems lean on what this one leaves out."""
    usual = registry.apps
    _put(MappingProxyType({PLAIN.key: PLAIN}))
    try:
        yield
    finally:
        _put(usual)


def register_plain_apps() -> None:
    """Publish the plain incident, for benchmarks of the engine alone."""
    from yiwang.engines.cases.api import register_apps

    with plain_apps():
        register_apps()


def _put(apps: Mapping[str, App]) -> None:
    from yiwang.engines.directory import roles
    from yiwang.engines.rulebooks import books

    registry.__dict__["apps"] = apps
    roles._roles_of.cache_clear()
    books._books_of.cache_clear()
