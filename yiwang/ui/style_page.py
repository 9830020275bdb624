"""What the living style page shows: every component in every state, with figures that are plainly samples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.templatetags.static import static
from django.urls import reverse

from yiwang.kernel import clock
from yiwang.ui.components.base import TONES, Component
from yiwang.ui.components.feedback import Confirm, Dialog, EmptyState, ErrorSummary, Notice, Toast
from yiwang.ui.components.fields import Check, Choice, Field
from yiwang.ui.components.figures import Chart, Layer, Map, Point, Series
from yiwang.ui.components.moments import ClockPill, Time
from yiwang.ui.components.records import (
    Breadcrumbs,
    Column,
    Facts,
    File,
    Filter,
    FilterBar,
    Gallery,
    Moment,
    Row,
    Tab,
    Table,
    Tabs,
    Timeline,
)
from yiwang.ui.components.simple import Button, Initial, KeyValue, Link, Progress, Skeleton, Stat, Tag

Section = tuple[str, str, list[Component]]
"""(title, how its samples stand: row, stack or columns, samples)"""


def fields() -> list[Component]:
    """The fields of hand-written forms: plain, refused, optional, chosen, ticked."""
    kinds = [("facility", "公用设施"), ("appearance", "市容环境")]
    return [
        Field(name="sample-title", label="标题", hint="例如：人行道井盖缺失", width=""),
        Field(name="sample-name", label="联系人", error="请填写联系人姓名"),
        Field(name="sample-phone", label="手机", type="tel", is_optional=True, attributes={"inputmode": "tel"}),
        Field(name="sample-secret", label="密码", type="password", error="原密码不正确。"),
        Choice(name="sample-kind", label="类别", options=kinds, value="appearance"),
        Choice(name="sample-town", label="镇街", options=[("", "请选择"), *kinds], error="请选择镇街"),
        Check(name="sample-agreed", label="已现场核实", hint="照片须在现场拍摄", is_checked=True),
    ]


def _buttons() -> Section:
    samples: list[Component] = [
        Button(text="提交"),
        Button(text="保存草稿", kind="secondary"),
        Button(text="取消", kind="quiet"),
        Button(text="作废", kind="danger", icon="trash"),
        Button(text="签收", icon="check", is_small=True),
        Button(text="正在提交", is_busy=True, attributes={"data_busy": True}),
        Button(text="不可用", is_disabled=True),
        Button(text="查看", kind="secondary", href="#main"),
        Link(text="文字链接", href="#main"),
    ]
    return "按钮与链接", "row", samples


def _tags() -> Section:
    names = ("待受理", "处理中", "已结案", "即将到期", "已超时", "重点督办")
    tags: list[Component] = [Tag(text=name, tone=tone) for name, tone in zip(names, TONES, strict=True)]
    people: list[Component] = [Initial(name=name) for name in ("陈晓敏", "李国强", "黄丽")]
    return "状态与人员", "row", [*tags, *people, KeyValue(title="编号", value="SJ-2026-000123")]


def _clocks() -> Section:
    now = clock.now()
    samples: list[Component] = [
        ClockPill(due_at=now + timedelta(days=3, hours=5, minutes=1)),
        ClockPill(due_at=now + timedelta(hours=5, minutes=21)),
        ClockPill(due_at=now - timedelta(hours=7, minutes=1)),
        ClockPill(due_at=now + timedelta(days=2), is_stopped=True),
        ClockPill(due_at=now + timedelta(days=60, minutes=1), is_provisional=True),
        ClockPill(due_at=None),
        Time(at=now),
    ]
    return "时限", "row", samples


def _notices() -> Section:
    texts = ("今日系统维护至 22:00。", "您有 3 件新任务。", "已提交，编号 SJ-2026-000123。", "还有 2 小时到期。")
    tones = ("neutral", "accent", "success", "warning")
    notices: list[Component] = [Notice(text=text, tone=tone) for text, tone in zip(texts, tones, strict=True)]
    refused = Notice(
        text="该任务已于 10:32 由李国强签收。", title="无法签收", tone="danger", next_step="请刷新列表，选择其他任务。"
    )
    faults = [("sample-name", "请填写联系人姓名"), ("sample-phone", "手机号码应为 11 位数字")]
    errors = ErrorSummary(errors=faults, takes_focus=False)
    passing = Toast(text="已派遣至市政养护队", next_step="处置时限 2 天")
    return "提示与错误", "stack", [*notices, refused, errors, passing]


def _states() -> Section:
    samples: list[Component] = [
        EmptyState(
            title="没有待办任务", text="新任务派来时会出现在这里。", action=Button(text="查看全部", kind="secondary")
        ),
        Skeleton(lines=4),
        Progress(title="上传中", rate=0.62),
        Progress(title="正在生成"),
        Progress(title="已用时限", rate=0.93, tone="danger"),
    ]
    return "空白、加载与进度", "stack", samples


def _stats() -> Section:
    samples: list[Component] = [
        Stat(title="今日新增", value="128", unit="件", change="比昨日多 12 件"),
        Stat(title="按时办结率", value="99.41", unit="%", change="比上月高 0.3", tone="success"),
        Stat(title="已超时", value="3", unit="件", change="比昨日多 1 件", tone="danger", href="#main"),
    ]
    return "指标", "stats", samples


def _table() -> Section:
    names = ("编号", "标题", "镇街", "环节", "时限", "件数")
    wide = ("镇街", "件数")
    columns = [Column(title=name, is_wide=name in wide, is_figures=name == "件数") for name in names]
    now = clock.now()
    rows = [
        Row(key="1", href="#1", cells=["SJ-2026-000123", "人行道井盖缺失", "桂城", Tag(text="待派遣", tone="accent"),
            ClockPill(due_at=now + timedelta(minutes=95)), 1]),
        Row(key="2", href="#2", is_current=True, cells=["SJ-2026-000119", "路灯不亮（佛平路段三盏）", "大沥",
            Tag(text="处置中"), ClockPill(due_at=now + timedelta(days=2, hours=1)), 3]),
        Row(key="3", href="#3", is_selectable=False, cells=["SJ-2026-000087", "占道堆放建筑垃圾", "狮山",
            Tag(text="核查中", tone="warning"), ClockPill(due_at=now - timedelta(hours=4)), 1]),
    ]  # fmt: skip
    bulk = [Button(text="批量签收", is_small=True), Button(text="批量转办", kind="secondary", is_small=True)]
    table = Table(
        title="样例：事件清单", is_title_shown=True, columns=columns, rows=rows, bulk=bulk,
        bulk_action=reverse("ui:style"), next_url="?after=3", previous_url="?before=1", summary="第 1–3 条，共 128 条",
    )  # fmt: skip
    return "清单", "stack", [_filters(), table, Table(title="空清单", columns=columns, rows=[])]


def _filters() -> Component:
    stages = [("", "全部"), ("dispatch", "派遣"), ("handle", "处置")]
    towns = [("", "全部"), ("440605011", "桂城街道"), ("440605123", "大沥镇")]
    return FilterBar(
        search_name="words",
        search_title="编号、标题、地点",
        filters=[
            Filter(name="stage", title="环节", options=stages, value="handle"),
            Filter(name="town", title="镇街", options=towns),
        ],
        saved=[("我的待办", "?saved=1", True), ("即将到期", "?saved=2", False)],
        clear_url="?",
    )


def _records() -> Section:
    now = clock.now()
    moments = [
        Moment(title="结案", at=now, who="黄丽", tone="success", icon="check"),
        Moment(title="退回处置", at=now - timedelta(hours=3), who="黄丽", on_behalf_of="陈晓敏", tone="warning",
               icon="back", why="照片看不清井盖编号，请补拍。"),
        Moment(title="上报", at=now - timedelta(days=1), who="市民", icon="flag", tone="accent"),
    ]  # fmt: skip
    facts = Facts(
        pairs=[("编号", "SJ-2026-000123"), ("地点", "桂城街道南海大道北 20 号"), ("联系人", "陈**"), ("备注", "")]
    )
    files = [
        File(name="现场.png", href="#main", thumbnail=static("ui/mark.svg"), note="处置前"),
        File(name="核查单.pdf", href="#main", note="128 KB"),
    ]
    places = Breadcrumbs(places=[("首页", "/"), ("事件", "#main"), ("SJ-2026-000123", "")])
    tabs = Tabs(
        title="样例：视图",
        tabs=[Tab(title="我的", href="#main", is_current=True, count=12), Tab(title="本岗", href="#main", count=40)],
    )
    return "记录", "stack", [places, tabs, facts, Timeline(moments=moments), Gallery(files=files, title="附件")]


def _figures() -> Section:
    months = [f"{number}月" for number in range(1, 7)]
    reported = Series(name="上报", values=[820, 932, 901, 1134, 1290, 1330])
    closed = Series(name="结案", values=[810, 921, None, 1102, 1250, 1301])
    kinds = ["市容环境", "公用设施", "交通秩序"]
    square = [[113.05, 22.98], [113.25, 22.98], [113.25, 23.1], [113.05, 23.1], [113.05, 22.98]]
    shape = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [square]}}
    layer = Layer(key="sample", shapes={"type": "FeatureCollection", "features": [shape]})
    samples: list[Component] = [
        Chart(title="每月事件", kind="bar", unit="件", categories=months, series=[reported, closed], source="样例数据"),
        Chart(title="走势", kind="line", unit="件", categories=months, series=[reported, closed], source="样例数据"),
        Chart(title="类别", kind="rows", categories=kinds, series=[Series(name="件数", values=[320, 210, 99])]),
        Chart(title="构成", kind="pie", categories=kinds, series=[Series(name="件数", values=[320, 210, 99])]),
        Map(title="地点分布", layers=[layer], points=[
            Point(longitude=113.14, latitude=23.03, title="井盖缺失", tone="danger"),
            Point(longitude=113.18, latitude=23.05, title="路灯不亮", href="#main")]),
    ]  # fmt: skip
    return "图表与地图", "columns", samples


def _dialogs() -> Section:
    opens = Button(text="打开窗口", kind="secondary", type="button", attributes={"data_dialog": "sample-dialog"})
    asks = Button(text="打开确认", kind="secondary", type="button", attributes={"data_dialog": "sample-confirm"})
    dialog = Dialog(key="sample-dialog", title="关于时限", body="按工作日历计算，节假日不计入。")
    confirm = Confirm(
        key="sample-confirm", title="退回上一环节", action=reverse("ui:style"), text="退回后由原处置人继续办理。",
        reason="required", reasons=("材料不全", "照片不清"), button="退回", is_danger=True,
    )  # fmt: skip
    return "窗口", "row", [opens, asks, dialog, confirm]


_MAKERS = (_buttons, _tags, _clocks, _notices, _states, _stats, _table, _records, _figures, _dialogs)


def sections() -> list[Section]:
    """All samples, made anew so that clocks are true."""
    return list(_sections())


def _sections() -> Iterator[Section]:
    for make in _MAKERS:
        yield make()
