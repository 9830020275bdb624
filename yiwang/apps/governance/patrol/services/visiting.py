"""A visit as it is judged and written: checked in, counted once, recorded in every system its place belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Any, Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext

from yiwang.apps.governance.patrol import ledger
from yiwang.apps.governance.patrol.check_in import Instant, metres_outside, tolerance
from yiwang.apps.governance.patrol.checklist import VISIT
from yiwang.apps.governance.patrol.intervals import Interval, interval_of
from yiwang.apps.governance.patrol.models import PatrolRecord, Visit, VisitedPlace
from yiwang.apps.governance.patrol.refusals import invalid
from yiwang.apps.governance.patrol.selectors.cells import outline_of
from yiwang.apps.governance.patrol.services.cell_months import note_visit
from yiwang.apps.governance.patrol.services.incidents import open_incident
from yiwang.apps.governance.patrol.systems import content_for, systems_for
from yiwang.engines.directory.api import Actor
from yiwang.engines.forms.api import attach, compile_form
from yiwang.engines.trust.api import entry
from yiwang.kernel.clock import CHINA, now
from yiwang.kernel.errors import InvalidInput, NotFound

TWICE = timedelta(hours=12)
"""A place visited again within this time counts once. A proposal of ours."""
PHOTOS = "patrol_visit"


class Sent(Protocol):
    """What a visit needs of a report (`reports.Report`)."""

    @property
    def key(self) -> UUID: ...
    @property
    def place(self) -> UUID | None: ...
    @property
    def longitude(self) -> float: ...
    @property
    def latitude(self) -> float: ...
    @property
    def accuracy(self) -> float | None: ...
    @property
    def form(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class _Verdict:
    """`status` of the visit, `reason` by code, `message` for the person."""

    status: str
    reason: str = ""
    message: str = ""


def visit(actor: Actor, sent: Sent, instant: Instant) -> dict[str, Any]:
    """Write one visit with its records, history and, when serious, its incident; the answer for the phone."""
    place = VisitedPlace.objects.select_for_update().filter(pk=sent.place).first() if sent.place else None
    if place is None or not actor.may("patrol", place.cell):
        raise NotFound(
            gettext("这个场所不在您负责的网格内，或已经注销。"), next_step=gettext("请更新巡查计划后重选场所。")
        )
    form = _checked(actor, place, sent.form, instant)
    interval = interval_of(place.kind, place.risk, instant.at.astimezone(CHINA).date())
    verdict = _judged(place, sent, instant, interval)
    row = _row(actor, place, sent, instant, form)
    row.status, row.reason = verdict.status, verdict.reason
    is_recorded = row.status == "done" or (row.status == "duplicate" and bool(row.finding))
    if is_recorded and row.finding == "serious":
        row.case_id = uuid5(NAMESPACE_URL, f"yiwang:patrol/{row.id}")
    row.digest = ledger.digest_of(ledger.facts_of(row))
    row.save(force_insert=True)
    number = _followed_up(actor, place, row, is_recorded)
    if row.status == "done":
        _count(place, row, interval)
        note_visit(row.cell, row.taken_at)
    vouched = entry(ledger.VISITS, ledger.vouching([(row.id, row.digest)]), actor=actor, division=place.cell)
    ledger.append_all({place.cell[:12]: [vouched]})
    state = "accepted" if row.status == "done" else row.status
    records = [system.key for system in systems_for(place.kind)] if is_recorded else []
    return {"state": state, "message": verdict.message, "records": records, "number": number, "is_late": row.is_late}


def _checked(actor: Actor, place: VisitedPlace, given: Mapping[str, Any], instant: Instant) -> dict[str, Any]:
    checked = compile_form(VISIT).accept({**given, "kind": place.kind}, actor=actor)
    errors = [{"path": one.path, "code": one.code, "message": one.message_zh} for one in checked.errors]
    if errors:
        raise InvalidInput(errors, errors[0]["message"])
    limit = checked.clean.get("rectify_by")
    if limit and date.fromisoformat(limit) < instant.at.astimezone(CHINA).date():
        invalid("rectify_by", "DATES", gettext("整改期限不能早于检查当日，请更正。"))
    return checked.clean


def _judged(place: VisitedPlace, sent: Sent, instant: Instant, interval: Interval) -> _Verdict:
    outline = outline_of(place.cell)
    outside = metres_outside(outline, sent.longitude, sent.latitude) if outline is not None else 0.0
    if outside > tolerance(sent.accuracy):
        message = gettext("打卡位置在网格外{metres}米，本次巡查不计入。请到现场重新打卡。")
        return _Verdict("refused", "outside", message.format(metres=f"{outside:,.0f}"))
    if not interval.is_open(instant.at):
        message = gettext("打卡时间不在{opens}时至{closes}时之间，本次巡查不计入。请在时段内重新打卡。")
        return _Verdict("refused", "hours", message.format(opens=interval.opens, closes=interval.closes))
    near = Visit.objects.filter(
        place=place, status="done", taken_at__range=(instant.at - TWICE, instant.at + TWICE)
    ).first()
    if near is not None:
        message = gettext("该场所已由{name}于{time}巡查，本次记为重复，不重复计数。")
        time = near.taken_at.astimezone(CHINA)
        return _Verdict("duplicate", "twice", message.format(name=near.inspector, time=f"{time:%m-%d %H:%M}"))
    return _Verdict("done")


def _row(actor: Actor, place: VisitedPlace, sent: Sent, instant: Instant, form: dict[str, Any]) -> Visit:
    limit = form.get("rectify_by")
    return Visit(
        id=sent.key, place=place, cell=place.cell, inspector_id=actor.user_id, inspector=actor.name,
        taken_at=instant.at.astimezone(UTC), said_at=instant.said_at.astimezone(UTC), received_at=now().astimezone(UTC),
        skew=instant.skew, is_late=instant.is_late, longitude=sent.longitude, latitude=sent.latitude,
        accuracy=sent.accuracy, finding=str(form.get("severity", "")), form=form,
        rectify_by=date.fromisoformat(limit) if limit else None,
    )  # fmt: skip


def _followed_up(actor: Actor, place: VisitedPlace, row: Visit, is_recorded: bool) -> str:
    """Records for the systems, the incident of a serious finding (its number), and the photos where they belong."""
    if is_recorded:
        PatrolRecord.objects.bulk_create(records_of(place, row))
    if row.case_id is not None:
        return open_incident(actor, row.case_id, place, row)
    attach(row.form.get("photos", ()), PHOTOS, str(row.id), actor=actor)
    return ""


def records_of(place: VisitedPlace, row: Visit) -> list[PatrolRecord]:
    """One record for each system that covers the place's kind."""
    register = {"name": place.name, "address": place.address, "cell": place.cell}
    at = {"taken_at": row.taken_at.isoformat(), "inspector": row.inspector}
    return [
        PatrolRecord(
            visit_id=row.id, system=system.key, cell=row.cell, at=row.taken_at,
            content=content_for(system, register, at, row.form),
        )
        for system in systems_for(place.kind)
    ]  # fmt: skip


def _count(place: VisitedPlace, row: Visit, interval: Interval) -> None:
    """The place's next day follows from its latest valid visit, and comes sooner when something must be put right."""
    if place.visited_at is None or place.visited_at < row.taken_at:
        place.visited_at = row.taken_at
        usual = row.taken_at.astimezone(CHINA).date() + timedelta(days=interval.days)
        place.due_on = min(usual, row.rectify_by or usual)
    people = row.form.get("people")
    if people is not None:
        place.people = int(people)
    place.save(update_fields=["visited_at", "due_on", "people"])
