"""Cases beside other cases, in components of the page frame."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from yiwang.engines.cases.api import CaseView, Running
from yiwang.engines.directory.api import Actor, path_of
from yiwang.engines.gathering.likeness import Facts, Likeness, is_same_class, metres_between
from yiwang.engines.gathering.pages.asking import case_address
from yiwang.engines.gathering.rights import may_gather
from yiwang.engines.gathering.selectors.members import Member
from yiwang.engines.gathering.selectors.suggesting import Suggestion
from yiwang.engines.gathering.wording import reasons, stage_of
from yiwang.engines.language.api import similarity
from yiwang.ui.components.figures import Layer, Map, Point
from yiwang.ui.components.records import Facts as FactsPart
from yiwang.ui.components.records import File, Gallery
from yiwang.ui.components.simple import Tag

STATUSES = {
    "open": ("办理中", "accent"), "suspended": ("已挂起", "warning"), "closed": ("已办结", "success"),
    "cancelled": ("已作废", "danger"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A case in one line."""

    case: Running
    href: str
    status: Tag
    stage: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Tied:
    """A case that is tied to the shown one; `line` is None when the actor may not see it."""

    line: Line | None
    by: str
    at: datetime
    reason: str
    is_settled: bool
    may_part: bool
    """Whether the actor may gather this one too, so that the two can be taken apart."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A likely duplicate: its reasons apart and as the sentence a clerk may send as it stands.

    `type_title` is '' for one of the same type. The button of title `act` sends `into` to the address `merge`.
    """

    line: Line
    reasons: tuple[str, ...]
    sentence: str
    percent: int
    compare: str
    type_title: str
    act: str
    merge: str
    into: UUID


@dataclass(frozen=True, slots=True)
class Side:
    """One half of the comparison."""

    line: Line
    head: FactsPart
    own: FactsPart | None
    gallery: Gallery | None


def line_of(case: Running) -> Line:
    title, tone = STATUSES.get(case.state.status, (case.state.status, "neutral"))
    return Line(case, case_address(case.id), Tag(text=gettext(title), tone=tone), stage_of(case), case.opened_at)


def tie(actor: Actor, member: Member) -> Tied:
    row, line = member.row, line_of(member.case) if member.case is not None else None
    may_part = member.case is not None and may_gather(actor, member.case)
    return Tied(line, gettext(row.by_name), row.at, row.reason, row.ending == "settled", may_part)


def suggested(view: CaseView, found: Suggestion, *, is_member: bool = False) -> Suggested:
    """A line for one that may stand for the case shown, or (`is_member`) for one it may stand for itself."""
    compare = f"{reverse('gathering:compare', args=[view.id])}?with={found.case.id}"
    sentence = gettext("疑似重复：%(reasons)s") % {"reasons": gettext("，").join(found.reasons)}
    graph = found.case.graph
    type_title = gettext(graph.title) if graph.type != view.graph.type else ""
    case, into = (found.case.id, view.id) if is_member else (view.id, found.case.id)
    return Suggested(
        line_of(found.case), found.reasons, sentence, round(found.score * 100), compare, type_title,
        gettext("把它并入本件") if is_member else gettext("并入此件"), reverse("gathering:merge", args=[case]), into,
    )  # fmt: skip


def _facts_of(case: Running) -> Facts:
    return Facts(case.graph.type, case.title, case.opened_at, case.longitude, case.latitude, category=case.category)


def pair(view: CaseView, other: CaseView) -> tuple[str, ...]:
    """What agrees between two cases, whether or not they would be suggested."""
    one, two = _facts_of(view.case), _facts_of(other.case)
    words = similarity(one.text, two.text)
    found = Likeness(
        0.0, metres_between(one, two), abs(one.at - two.at), words.shared,
        is_same_class(one, two), False,
    )  # fmt: skip
    return reasons(found, is_earlier=two.at <= one.at)


def side(view: CaseView) -> Side:
    """Head, what the reporter wrote as far as the actor may read it, and the pictures."""
    case = view.case
    pairs: list[tuple[str, object]] = [
        (gettext("所属区划"), path_of(case.area) if case.area else gettext("尚未确定，待人工核定")),
        (gettext("当前环节"), stage_of(case)),
    ]
    own = None
    if view.steps:
        _, form = view.steps[0]
        asked = [item.key for item in form.form.fields if item.kind not in ("photo", "file")]
        values = {key: view.state.data[key] for key in asked if key in view.state.data}
        shown = form.display(values, view.rights_for(form), sees_personal=view.sees_personal)
        own = FactsPart(pairs=shown) if shown else None
    return Side(line_of(case), FactsPart(pairs=pairs), own, _gallery(view))


def _gallery(view: CaseView) -> Gallery | None:
    files = []
    for one in view.files.values():
        href = reverse("forms:attachment", args=[one.id])
        note = gettext("不作凭证：{why}").format(why=one.refusal) if one.refusal else ""
        files.append(File(name=one.name, href=href, note=note, thumbnail=f"{href}?small" if one.is_picture else ""))
    return Gallery(files=files, title=gettext("附件")) if files else None


def map_of(cases: list[Running]) -> Map | None:
    """Where the cases of a trip lie; None while no place is known."""
    points = [
        Point(longitude=case.longitude, latitude=case.latitude, title=case.title, tone="danger")
        for case in cases
        if case.longitude is not None and case.latitude is not None
    ]
    layers = [Layer(key="town", url=reverse("forms:map", args=["town"]))]
    return Map(title=gettext("地点"), points=points, layers=layers) if points else None
