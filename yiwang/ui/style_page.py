"""What the living style page shows: every component in every state, with figures that are plainly samples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

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
    kinds = [("facility", _("公用设施")), ("appearance", _("市容环境"))]
    return [
        Field(name="sample-title", label=_("标题"), hint=_("例如：人行道井盖缺失"), width=""),
        Field(name="sample-name", label=_("联系人"), error=_("请填写联系人姓名")),
        Field(name="sample-phone", label=_("手机"), type="tel", is_optional=True, attributes={"inputmode": "tel"}),
        Field(name="sample-secret", label=_("密码"), type="password", error=_("原密码不正确。")),
        Choice(name="sample-kind", label=_("类别"), options=kinds, value="appearance"),
        Choice(name="sample-town", label=_("镇街"), options=[("", _("请选择")), *kinds], error=_("请选择镇街")),
        Check(name="sample-agreed", label=_("已现场核实"), hint=_("照片须在现场拍摄"), is_checked=True),
    ]


def _buttons() -> Section:
    samples: list[Component] = [
        Button(text=_("提交")),
        Button(text=_("保存草稿"), kind="secondary"),
        Button(text=_("取消"), kind="quiet"),
        Button(text=_("作废"), kind="danger", icon="trash"),
        Button(text=_("签收"), icon="check", is_small=True),
        Button(text=_("正在提交"), is_busy=True, attributes={"data_busy": True}),
        Button(text=_("不可用"), is_disabled=True),
        Button(text=_("查看"), kind="secondary", href="#main"),
        Link(text=_("文字链接"), href="#main"),
    ]
    return _("按钮与链接"), "row", samples


def _tags() -> Section:
    names = (_("待受理"), _("处理中"), _("已结案"), _("即将到期"), _("已超时"), _("重点督办"))
    tags: list[Component] = [Tag(text=name, tone=tone) for name, tone in zip(names, TONES, strict=True)]
    people: list[Component] = [Initial(name=name) for name in (_("陈晓敏"), _("李国强"), _("黄丽"))]
    return _("状态与人员"), "row", [*tags, *people, KeyValue(title=_("编号"), value="SJ-2026-000123")]


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
    return _("时限"), "row", samples


def _notices() -> Section:
    texts = (
        _("今日系统维护至 22:00。"),
        _("您有 3 件新任务。"),
        _("已提交，编号 SJ-2026-000123。"),
        _("还有 2 小时到期。"),
    )
    tones = ("neutral", "accent", "success", "warning")
    notices: list[Component] = [Notice(text=text, tone=tone) for text, tone in zip(texts, tones, strict=True)]
    refused = Notice(
        text=_("该任务已于 10:32 由李国强签收。"),
        title=_("无法签收"),
        tone="danger",
        next_step=_("请刷新列表，选择其他任务。"),
    )
    faults = [("sample-name", _("请填写联系人姓名")), ("sample-phone", _("手机号码应为 11 位数字"))]
    errors = ErrorSummary(errors=faults, takes_focus=False)
    passing = Toast(text=_("已派遣至市政养护队"), next_step=_("处置时限 2 天"))
    return _("提示与错误"), "stack", [*notices, refused, errors, passing]


def _states() -> Section:
    samples: list[Component] = [
        EmptyState(
            title=_("没有待办任务"),
            text=_("新任务派来时会出现在这里。"),
            action=Button(text=_("查看全部"), kind="secondary"),
        ),
        Skeleton(lines=4),
        Progress(title=_("上传中"), rate=0.62),
        Progress(title=_("正在生成")),
        Progress(title=_("已用时限"), rate=0.93, tone="danger"),
    ]
    return _("空白、加载与进度"), "stack", samples


def _stats() -> Section:
    samples: list[Component] = [
        Stat(title=_("今日新增"), value="128", unit=_("件"), change=_("比昨日多 12 件")),
        Stat(title=_("按时办结率"), value="99.41", unit="%", change=_("比上月高 0.3"), tone="success"),
        Stat(title=_("已超时"), value="3", unit=_("件"), change=_("比昨日多 1 件"), tone="danger", href="#main"),
    ]
    return _("指标"), "stats", samples


def _table() -> Section:
    names = (_("编号"), _("标题"), _("镇街"), _("环节"), _("时限"), _("件数"))
    wide = (_("镇街"), _("件数"))
    columns = [Column(title=name, is_wide=name in wide, is_figures=name == _("件数")) for name in names]
    bulk = [Button(text=_("批量签收"), is_small=True), Button(text=_("批量转办"), kind="secondary", is_small=True)]
    table = Table(
        title=_("样例：事件清单"), is_title_shown=True, columns=columns, rows=_rows(), bulk=bulk,
        bulk_action=reverse("ui:style"), next_url="?after=3", previous_url="?before=1",
        summary=_("第 1–3 条，共 128 条"),
    )  # fmt: skip
    return _("清单"), "stack", [_filters(), table, Table(title=_("空清单"), columns=columns, rows=[])]


def _rows() -> list[Row]:
    now = clock.now()
    waiting, worked = Tag(text=_("待派遣"), tone="accent"), Tag(text=_("处置中"))
    checked = Tag(text=_("核查中"), tone="warning")
    soon, later, past = (
        ClockPill(due_at=now + left) for left in (timedelta(minutes=95), timedelta(hours=49), timedelta(hours=-4))
    )
    return [
        Row(key="1", href="#1", cells=["SJ-2026-000123", _("人行道井盖缺失"), _("桂城"), waiting, soon, 1]),
        Row(key="2", href="#2", is_current=True,
            cells=["SJ-2026-000119", _("路灯不亮（佛平路段三盏）"), _("大沥"), worked, later, 3]),
        Row(key="3", href="#3", is_selectable=False,
            cells=["SJ-2026-000087", _("占道堆放建筑垃圾"), _("狮山"), checked, past, 1]),
    ]  # fmt: skip


def _filters() -> Component:
    stages = [("", _("全部")), ("dispatch", _("派遣")), ("handle", _("处置"))]
    towns = [("", _("全部")), ("440605011", _("桂城街道")), ("440605123", _("大沥镇"))]
    return FilterBar(
        search_name="words",
        search_title=_("编号、标题、地点"),
        filters=[
            Filter(name="stage", title=_("环节"), options=stages, value="handle"),
            Filter(name="town", title=_("镇街"), options=towns),
        ],
        saved=[(_("我的待办"), "?saved=1", True), (_("即将到期"), "?saved=2", False)],
        clear_url="?",
    )


def _records() -> Section:
    now = clock.now()
    moments = [
        Moment(title=_("结案"), at=now, who=_("黄丽"), tone="success", icon="check"),
        Moment(
            title=_("退回处置"),
            at=now - timedelta(hours=3),
            who=_("黄丽"),
            on_behalf_of=_("陈晓敏"),
            tone="warning",
            icon="back",
            why=_("照片看不清井盖编号，请补拍。"),
        ),
        Moment(title=_("上报"), at=now - timedelta(days=1), who=_("市民"), icon="flag", tone="accent"),
    ]
    facts = Facts(
        pairs=[
            (_("编号"), "SJ-2026-000123"),
            (_("地点"), _("桂城街道南海大道北 20 号")),
            (_("联系人"), _("陈**")),
            (_("备注"), ""),
        ]
    )
    files = [
        File(name=_("现场.png"), href="#main", thumbnail=static("ui/mark.svg"), note=_("处置前")),
        File(name=_("核查单.pdf"), href="#main", note="128 KB"),
    ]
    places = Breadcrumbs(places=[(_("首页"), "/"), (_("事件"), "#main"), ("SJ-2026-000123", "")])
    tabs = Tabs(
        title=_("样例：视图"),
        tabs=[
            Tab(title=_("我的"), href="#main", is_current=True, count=12),
            Tab(title=_("本岗"), href="#main", count=40),
        ],
    )
    return _("记录"), "stack", [places, tabs, facts, Timeline(moments=moments), Gallery(files=files, title=_("附件"))]


def _figures() -> Section:
    months = [_("{month}月").format(month=number) for number in range(1, 7)]
    reported = Series(name=_("上报"), values=[820, 932, 901, 1134, 1290, 1330])
    closed = Series(name=_("结案"), values=[810, 921, None, 1102, 1250, 1301])
    kinds = [_("市容环境"), _("公用设施"), _("交通秩序")]
    square = [[113.05, 22.98], [113.25, 22.98], [113.25, 23.1], [113.05, 23.1], [113.05, 22.98]]
    shape = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [square]}}
    layer = Layer(key="sample", shapes={"type": "FeatureCollection", "features": [shape]})
    samples: list[Component] = [
        Chart(
            title=_("每月事件"),
            kind="bar",
            unit=_("件"),
            categories=months,
            series=[reported, closed],
            source=_("样例数据"),
        ),
        Chart(
            title=_("走势"),
            kind="line",
            unit=_("件"),
            categories=months,
            series=[reported, closed],
            source=_("样例数据"),
        ),
        Chart(title=_("类别"), kind="rows", categories=kinds, series=[Series(name=_("件数"), values=[320, 210, 99])]),
        Chart(title=_("构成"), kind="pie", categories=kinds, series=[Series(name=_("件数"), values=[320, 210, 99])]),
        Map(
            title=_("地点分布"),
            layers=[layer],
            points=[
                Point(longitude=113.14, latitude=23.03, title=_("井盖缺失"), tone="danger"),
                Point(longitude=113.18, latitude=23.05, title=_("路灯不亮"), href="#main"),
            ],
        ),
    ]
    return _("图表与地图"), "columns", samples


def _dialogs() -> Section:
    opens = Button(text=_("打开窗口"), kind="secondary", type="button", attributes={"data_dialog": "sample-dialog"})
    asks = Button(text=_("打开确认"), kind="secondary", type="button", attributes={"data_dialog": "sample-confirm"})
    dialog = Dialog(key="sample-dialog", title=_("关于时限"), body=_("按工作日历计算，节假日不计入。"))
    confirm = Confirm(
        key="sample-confirm",
        title=_("退回上一环节"),
        action=reverse("ui:style"),
        text=_("退回后由原处置人继续办理。"),
        reason="required",
        reasons=(_("材料不全"), _("照片不清")),
        button=_("退回"),
        is_danger=True,
    )
    return _("窗口"), "row", [opens, asks, dialog, confirm]


_MAKERS = (_buttons, _tags, _clocks, _notices, _states, _stats, _table, _records, _figures, _dialogs)


def sections() -> list[Section]:
    """All samples, made anew so that clocks are true."""
    return list(_sections())


def _sections() -> Iterator[Section]:
    for make in _MAKERS:
        yield make()
