"""The catalogue for staff: by group, by search, one class, all on paper; for everybody: what one may report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_safe

from yiwang.apps.governance.catalogue.book import Catalogue, catalogue_on
from yiwang.apps.governance.catalogue.classes import (
    CATEGORIES,
    KINDS,
    LEVELS,
    ClassCondition,
    display_class,
    limit_words,
)
from yiwang.apps.governance.catalogue.pages.wording import as_written, limits_of, public_limit
from yiwang.apps.governance.catalogue.rights import EDIT_CLASSES
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import Actor, actor_of
from yiwang.kernel.errors import NotFound
from yiwang.ui.components.feedback import EmptyState, Notice
from yiwang.ui.components.records import Breadcrumbs, Column, Facts, FilterBar, Row, Tab, Table, Tabs
from yiwang.ui.components.simple import Button, Tag
from yiwang.ui.pages import public_page, staff_page

REPORT = "city_incident.incident"
"""The kind of case a citizen opens for what is found here."""
MOST_WORDS = 60


@require_GET
@staff_only
def classes(request: HttpRequest) -> HttpResponse:
    """One kind group by group, or what a search finds in both."""
    catalogue, text = catalogue_on(), request.GET.get("q", "").strip()[:MOST_WORDS]
    kind = request.GET.get("kind", "component")
    kind = kind if kind in KINDS else "component"
    if text:
        groups = [(gettext("查找结果"), "", _table(catalogue.search(text), gettext("查找结果")))]
    else:
        groups = [
            (f"{group.code} {group.title}", f"group-{group.code}", _table(group.classes, f"{group.code} {group.title}"))
            for group in catalogue.groups
            if group.kind == kind
        ]
    context = {
        "catalogue": catalogue, "groups": groups, "text": text, "tabs": None if text else _tabs(catalogue, kind),
        "bar": _bar(reverse("catalogue:classes"), text), "actions": _actions(actor_of(request)),
        "notice": _notice(catalogue),
    }  # fmt: skip
    return staff_page(request, "catalogue/classes.html", context)


def _bar(address: str, text: str) -> FilterBar:
    title = gettext("名称、俗称或情形，如“井盖”")
    return FilterBar(action=address, search_name="q", search_title=title, search_value=text, clear_url=address)


def _tabs(catalogue: Catalogue, kind: str) -> Tabs:
    counts = {one: sum(len(group.classes) for group in catalogue.groups if group.kind == one) for one in KINDS}
    tabs = [
        Tab(title=gettext(title), href=f"?kind={one}", is_current=one == kind, count=counts[one])
        for one, title in KINDS.items()
    ]
    return Tabs(title=gettext("部件和事件"), tabs=tabs)


def _notice(catalogue: Catalogue) -> Notice | None:
    if not catalogue.conditions:
        return Notice(text=gettext("今天没有生效的类别版本。"), tone="warning", next_step=gettext("请导入类别并发布。"))
    if not catalogue.is_proposal:
        return None
    text = gettext("这是随系统提供的示范类别，名称和时限都是建议值。")
    return Notice(text=text, tone="warning", next_step=gettext("请导入本区自己的类别表，核对后发布。"))


def _actions(actor: Actor) -> list[Button]:
    found = [Button(text=gettext("打印"), href=reverse("catalogue:sheet"), kind="quiet", icon="print", is_small=True)]
    if actor.scopes(EDIT_CLASSES):
        found.append(Button(text=gettext("导入类别表"), href=reverse("catalogue:import"), icon="upload", is_small=True))
    return found


def _table(found: Iterable[Sequence[ClassCondition]], title: str) -> Table:
    rows = [
        Row(
            key=rows[0].class_code, href=reverse("catalogue:class", args=[rows[0].class_code]),
            cells=[as_written(rows[0].title), display_class(rows[0].class_code),
                   as_written("；".join(row.condition for row in rows)), limits_of(rows),
                   gettext(LEVELS.get(rows[0].level, ""))],
        )
        for rows in found
    ]  # fmt: skip
    columns = [
        Column(title=gettext("小类")), Column(title=gettext("编码")), Column(title=gettext("立案条件"), is_wide=True),
        Column(title=gettext("处置时限")), Column(title=gettext("处置层级")),
    ]  # fmt: skip
    empty = EmptyState(
        title=gettext("没有找到这样的小类"), text=gettext("请换一个说法，如“路灯”“垃圾”。"), icon="search"
    )
    return Table(title=title, columns=columns, rows=rows, empty=empty)


@require_GET
@staff_only
def one_class(request: HttpRequest, class_code: str) -> HttpResponse:
    """A class with all its conditions."""
    catalogue = catalogue_on()
    rows = catalogue.conditions.get(class_code)
    if rows is None:
        raise NotFound("现行类别中没有这个小类。", next_step="请从类别清单中选择。")
    first = rows[0]
    titles = ("序号", "立案条件", "处置时限", "全程时限", "结案条件", "取证要求", "紧急程度")
    columns = [Column(title=gettext(title), is_figures=title == "序号") for title in titles]
    table = Table(
        title=gettext("立案条件"), columns=columns, is_title_shown=True, rows=[_condition(row) for row in rows]
    )
    context = {
        "title": first.title, "facts": Facts(pairs=_facts(catalogue, first)), "table": table,
        "way": Breadcrumbs(places=[(gettext("类别"), reverse("catalogue:classes")), (as_written(first.title), "")]),
        "components": f"{reverse('catalogue:components')}?class_code={class_code}" if first.kind == "component" else "",
    }  # fmt: skip
    return staff_page(request, "catalogue/class.html", context)


def _facts(catalogue: Catalogue, first: ClassCondition) -> list[tuple[str, object]]:
    return [
        (gettext("编码"), f"{display_class(first.class_code)}（{first.class_code}）"),
        (gettext("大类"), as_written(first.group_title)),
        (gettext("处置层级"), gettext(LEVELS[first.level]) if first.level else ""),
        (gettext("公众类别"), gettext(CATEGORIES[first.category]) if first.category else ""),
        (gettext("俗称"), as_written(first.words)),
        (gettext("版本"), catalogue.label),
    ]


def _condition(row: ClassCondition) -> Row:
    urgent = Tag(text=gettext("紧急"), tone="danger") if row.is_urgent else gettext("一般")
    cells = [
        row.number, as_written(row.condition), limit_words(row.handle), limit_words(row.whole), as_written(row.closing),
        as_written(row.evidence), urgent,
    ]  # fmt: skip
    return Row(key=str(row.number), cells=cells)


@require_GET
@staff_only
def sheet(request: HttpRequest) -> HttpResponse:
    """The whole catalogue as one table for paper."""
    catalogue = catalogue_on()
    groups = [
        (gettext(KINDS[group.kind]), group.code, group.title, [
            (display_class(row.class_code), as_written(row.title if row is rows[0] else ""), as_written(row.condition),
             limit_words(row.handle), limit_words(row.whole), as_written(row.closing))
            for rows in group.classes for row in rows
        ])
        for group in catalogue.groups
    ]  # fmt: skip
    return staff_page(request, "catalogue/sheet.html", {"groups": groups, "catalogue": catalogue})


@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """For everybody: what a problem is called, when it counts, and how long it takes at most."""
    text = request.GET.get("q", "").strip()[:MOST_WORDS]
    found = [
        (rows[0].title, gettext(KINDS[rows[0].kind]), [(row.condition, public_limit(row.handle)) for row in rows])
        for rows in catalogue_on().search(text, 20)
    ]
    context = {"text": text, "found": found, "report": _report(), "is_proposal": catalogue_on().is_proposal}
    return public_page(request, "catalogue/look_up.html", context)


def _report() -> str:
    """Where to report; '' where nothing is open for reports."""
    try:
        return reverse("desk:report", args=[REPORT])
    except NoReverseMatch:
        return ""
