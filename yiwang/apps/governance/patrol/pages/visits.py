"""One visit: what was answered, where and when it was checked in, and the record each system got."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.apps.governance.patrol.checklist import VISIT
from yiwang.apps.governance.patrol.models import RECORD_STATUSES, PatrolRecord, Visit
from yiwang.apps.governance.patrol.pages.showing import finding_tag, risk_tag, shades, status_tag, way_to
from yiwang.apps.governance.patrol.selectors.cells import outline_of
from yiwang.apps.governance.patrol.selectors.visits import records_of_visit, visit_of
from yiwang.apps.governance.patrol.systems import SYSTEMS
from yiwang.engines.access.api import staff_only
from yiwang.engines.cases.api import seen_cases
from yiwang.engines.directory.api import Actor, actor_of, name_of
from yiwang.engines.forms.api import compile_form
from yiwang.ui.components.figures import Map, Point
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Breadcrumbs, Column, Facts, Row, Table
from yiwang.ui.components.simple import Tag
from yiwang.ui.pages import staff_page


@require_safe
@staff_only
def visit_page(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """For supervisors of the cell and the inspector."""
    actor = actor_of(request)
    visit = visit_of(actor, visit_id)
    answers: list[tuple[str, object]] = [*compile_form(VISIT).display(visit.form)]
    context = {
        "title": visit.place.name,
        "tags": [status_tag(visit), finding_tag(visit), risk_tag(visit.place.risk)],
        "way": Breadcrumbs(places=[*way_to(visit.cell), (gettext("巡查记录"), "")]),
        "facts": Facts(pairs=_facts(actor, visit)),
        "answers": Facts(pairs=answers),
        "map": _map(visit),
        "table": _records(records_of_visit(actor, visit)),
    }
    return staff_page(request, "patrol/visit.html", context)


def _facts(actor: Actor, visit: Visit) -> list[tuple[str, object]]:
    accuracy = gettext("精度 %(metres)s 米") % {"metres": f"{visit.accuracy:.0f}"} if visit.accuracy is not None else ""
    facts: list[tuple[str, object]] = [
        (gettext("网格员"), visit.inspector),
        (gettext("打卡时间"), Time(at=visit.taken_at)),
        (gettext("上传时间"), Time(at=visit.received_at)),
        (gettext("打卡位置"), f"{visit.longitude:.6f}, {visit.latitude:.6f}　{accuracy}"),
    ]
    if visit.is_late:
        facts.append((gettext("迟报"), Tag(text=gettext("离线后补传"), tone="warning")))
    if visit.skew:
        text = gettext("手机时钟偏差 %(seconds)s 秒，已按服务器时间更正") % {"seconds": visit.skew}
        facts.append((gettext("时钟"), text))
    case = seen_cases(actor, [visit.case_id]).get(visit.case_id) if visit.case_id else None
    if case is not None:
        link = format_html('<a href="{}">{}</a>', reverse("desk:case", args=[case.number]), case.number)
        facts.append((gettext("转为事件"), link))
    return facts


def _map(visit: Visit) -> Map | None:
    outline = outline_of(visit.cell)
    if outline is None:
        return None
    place = visit.place
    points = [
        Point(longitude=place.longitude, latitude=place.latitude, title=place.name, tone="accent"),
        Point(longitude=visit.longitude, latitude=visit.latitude, title=gettext("打卡位置"), tone="success"),
    ]
    return Map(
        title=gettext("打卡位置"), points=points, layers=shades({"accent-soft": [(name_of(visit.cell), outline)]})
    )


def _records(records: list[PatrolRecord]) -> Table:
    rows = [
        Row(
            key=record.system,
            cells=[
                gettext(SYSTEMS[record.system].title), gettext(RECORD_STATUSES[record.status]), record.reference,
                len(record.content),
            ],
        )
        for record in records
    ]  # fmt: skip
    titles = ("系统", "状态", "对方编号", "字段数")
    columns = [Column(title=gettext(title), is_figures=title == "字段数") for title in titles]
    return Table(title=gettext("写入的系统"), columns=columns, rows=rows, is_title_shown=True)
