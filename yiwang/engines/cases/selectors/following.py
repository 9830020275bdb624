"""A case as somebody outside the offices may follow it: by its number and a proof, without names of staff."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson
from django.utils.crypto import constant_time_compare, salted_hmac

from yiwang.engines.cases.filling import form_of
from yiwang.engines.cases.models import Case
from yiwang.engines.cases.rights import allowed_verbs, is_reporter, require_sight
from yiwang.engines.cases.selectors.histories import entries_of
from yiwang.engines.cases.store.loading import Running, look
from yiwang.engines.cases.store.tables import open_cursor
from yiwang.engines.directory.api import Actor, Limit
from yiwang.engines.forms.api import CompiledForm
from yiwang.engines.processes.api import Clock, GraphNode
from yiwang.engines.trust.api import Told
from yiwang.kernel.errors import NotFound

REPORTER = "上报人"
_RANK = {"skipped": 0, "ahead": 1, "done": 2, "current": 3}
TAIL = 4
"""Digits of the telephone number that prove, together with the number of the case."""
OF_REPORTERS = frozenset({"urge", "comment", "rate"})
_WITH_REASON = frozenset({"cancel", "suspend"})
_SHOWN = OF_REPORTERS | _WITH_REASON | {"open", "complete", "send_back", "resume", "extend"}
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Stage:
    """A step on the way: done, current, ahead, or skipped because the case ended without it."""

    title: str
    status: Literal["done", "current", "ahead", "skipped"]
    at: datetime | None = None
    due_at: datetime | None = None
    within: Limit | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of the history in facts an outsider may read. `verb` is the key; `title` of the step it was done to."""

    verb: str
    at: datetime
    title: str = ""
    to: str = ""
    text: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Values to be shown with the form they belong to, and the attachments among them."""

    form: CompiledForm
    values: Mapping[str, Any]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """All the reporter may know. `ending` is the title of the end that was reached; `verbs` what may be done now."""

    id: UUID
    number: str
    type_title: str
    title: str
    status: str
    outcome: str
    ending: str
    opened_at: datetime
    closed_at: datetime | None
    whole: Clock | None
    stages: tuple[Stage, ...]
    happened: tuple[Happened, ...]
    own: Part | None
    answers: tuple[Part, ...]
    verbs: tuple[str, ...]
    rating: int | None
    has_phone: bool
    urged_at: datetime | None

    @property
    def file_ids(self) -> frozenset[str]:
        """Attachments the reporter may open."""
        parts = [part.files for part in (self.own, *self.answers) if part is not None]
        return frozenset(one for files in (*parts, *(item.files for item in self.happened)) for one in files)


def secret_of(number: str) -> str:
    """The unguessable end of a receipt's link: 100 bits, the same for ever."""
    return salted_hmac("cases.following", number, algorithm="sha256").hexdigest()[:25]


def reporter_of(number: str, *, tail: str = "", secret: str = "") -> Actor:
    """Who proves to have reported the case; one NotFound for a wrong number, a wrong proof and no telephone alike."""
    if not (number.isascii() and number.isdigit()):
        raise NotFound
    row = Case.objects.filter(number=number).values_list("id", flat=True).first()
    case = look(open_cursor(), [row])[row] if row is not None else None
    if case is not None and (_is_secret(number, secret) or _is_tail(case, tail)):
        return Actor(None, REPORTER, proof=case.id)
    raise NotFound


def _is_secret(number: str, secret: str) -> bool:
    return bool(secret) and constant_time_compare(secret, secret_of(number))


def _is_tail(case: Running, tail: str) -> bool:
    known = {phone[-TAIL:] for phone in _phones(case) if len(phone) >= TAIL}
    return len(tail) == TAIL and any(constant_time_compare(tail, one) for one in known)


def _phones(case: Running) -> Iterator[str]:
    """Digits of every telephone number in the form of the start."""
    form = _form(case, case.graph.nodes[case.graph.start])
    for item in form.form.fields if form is not None else ():
        value = case.state.data.get(item.key)
        if item.kind == "party" and isinstance(value, dict):
            value = value.get("phone") or value.get("phone_masked")
        elif getattr(item, "content", "") != "phone":
            continue
        if isinstance(value, str):
            yield "".join(_DIGITS.findall(value))


def _form(case: Running, node: GraphNode) -> CompiledForm | None:
    key = node.raw.get("form")
    return form_of(case.graph, key) if key else None


def followed(actor: Actor, case_id: UUID) -> Followed:
    """The case for its reporter; NotFound for everybody else, staff included: they have the desk."""
    case = look(open_cursor(), [case_id]).get(case_id)
    if case is None or not is_reporter(actor, case):
        raise NotFound
    require_sight(actor, case)
    state, memory = case.state, case.state.memory
    start = _form(case, case.graph.nodes[case.graph.start])
    offered = [verb for verb in allowed_verbs(actor, case, None) if verb in OF_REPORTERS]
    if not case.graph.bundle.get("rated") or "rating" in memory:
        offered = [verb for verb in offered if verb != "rate"]
    urged = memory.get("urged_at")
    return Followed(
        case.id, case.number, case.graph.title, case.title, state.status, state.outcome, _ending(case),
        case.opened_at, case.closed_at, _clock(case, 0), tuple(_merged(_stages(case))), tuple(_happened(actor, case)),
        _part(start, state.data, start.form.by_key) if start is not None else None, tuple(_answers(case)),
        tuple(offered), memory.get("rating"), any(_phones(case)),
        datetime.fromisoformat(urged) if urged else None,
    )  # fmt: skip


def _ending(case: Running) -> str:
    ends = (node for node in case.graph.nodes if node.kind == "end")
    reached = (node.title for node in ends if node.raw.get("outcome") == case.state.outcome)
    return next(reached, "") if case.state.status == "closed" else ""


def _clock(case: Running, token: int) -> Clock | None:
    kind = "task" if token else "case"
    return next((one for one in case.state.clocks.values() if one.token == token and one.kind == kind), None)


def _stages(case: Running) -> Iterator[Stage]:
    """The tasks in declared order. What was done before somebody sent the case back behind it lies ahead again."""
    standing = {token.node: token for token in case.state.open_tasks()}
    since = min((token.since for token in standing.values()), default=None)
    first, visited = min(standing, default=None), case.state.memory.get("visited", {})
    for node in (node for node in case.graph.nodes if node.kind == "user_task"):
        title = node.raw.get("stage", node.title)
        if not title and node.index not in standing and node.key not in visited:
            continue
        title = title or node.title
        done = datetime.fromisoformat(visited[node.key][2]) if node.key in visited else None
        if node.index in standing:
            token = standing[node.index]
            clock = _clock(case, token.no)
            yield Stage(title, "current", token.since, clock.due_at if clock else None)
        elif done and (first is None or node.index < first or (since is not None and done > since)):
            yield Stage(title, "done", done)
        else:
            yield Stage(title, "skipped" if case.closed_at else "ahead", within=node.within)


def _merged(stages: Iterable[Stage]) -> Iterator[Stage]:
    """Steps of one stage as one: where work stands, else what was done last, else what lies ahead."""
    found: dict[str, Stage] = {}
    for stage in stages:
        known = found.get(stage.title)
        if known is None or _RANK[stage.status] > _RANK[known.status]:
            found[stage.title] = stage
    yield from found.values()


def _happened(actor: Actor, case: Running) -> Iterator[Happened]:
    for entry in entries_of(case.id):
        facts = orjson.loads(entry.payload)
        verb = str(facts.get("verb", ""))
        if verb in _SHOWN and not (verb == "comment" and not _is_theirs(entry, case)):
            yield _told(case, entry, verb, facts)


def _is_theirs(entry: Told, case: Running) -> bool:
    """Remarks of staff are between them; only the reporter's own are shown."""
    if entry.actor_id is None:
        return entry.actor_name == REPORTER
    return entry.actor_id == case.state.opened_by


def _told(case: Running, entry: Told, verb: str, facts: Mapping[str, Any]) -> Happened:
    arguments = facts.get("arguments", {})
    titles = {node.key: node.title for node in case.graph.nodes}
    text = arguments.get("reason", "") if verb in _WITH_REASON else arguments.get("text", "")
    if verb == "rate":
        text = str(arguments.get("score", ""))
    elif verb == "complete" and (why := _returned(case, arguments.get("data", {}))):
        verb, text = "send_back", why
    to = titles.get(arguments.get("to", ""), "")
    files = tuple(map(str, arguments.get("files", ())))
    return Happened(verb, entry.at, titles.get(facts.get("node", ""), ""), to, text, files)


def _returned(case: Running, data: Mapping[str, Any]) -> str:
    """Why a step gave the work back, in its own words; '' when it did not."""
    return "\n".join(str(data[key]) for key in case.graph.bundle.get("return_reasons", ()) if data.get(key))


def _answers(case: Running) -> Iterator[Part]:
    """What the offices answer, once the case has ended: before that it may still change."""
    keys = [key for key in case.graph.bundle.get("answer", ()) if key in case.state.data]
    if case.closed_at is None:
        return
    for node in (node for node in case.graph.nodes if node.kind == "user_task"):
        form = _form(case, node)
        named = [key for key in keys if form is not None and key in form.form.by_key]
        if form is not None and named:
            yield _part(form, case.state.data, named)
            keys = [key for key in keys if key not in named]  # Several steps may share a form.


def _part(form: CompiledForm, data: Mapping[str, Any], keys: Iterable[str]) -> Part:
    values = {key: data[key] for key in keys if key in data}
    return Part(form, values, form.attachment_ids(values))
