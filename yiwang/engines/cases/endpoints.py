"""Cases over HTTP for programs: the same services as the screens, JSON in, JSON out, problem+json when refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest
from ninja import Field, Router, Schema

from yiwang.engines.cases.rights import allowed_verbs, may_see
from yiwang.engines.cases.selectors.histories import entries_of
from yiwang.engines.cases.selectors.views import CaseView, case_view
from yiwang.engines.cases.services.acting import act, open_case
from yiwang.engines.cases.services.versions import published
from yiwang.engines.cases.store.loading import Running, graph_of
from yiwang.engines.directory.api import Actor, actor_of

router = Router(tags=["cases"])


class TypeOut(Schema):
    """A kind of case that can be opened."""

    type: str
    title: str
    is_public: bool
    form: dict[str, Any] | None = Field(description="JSON of the form to fill in")


class OpenIn(Schema):
    """A new case."""

    type: str = Field(max_length=200, examples=["city_incident.incident"])
    data: dict[str, Any] = Field(description="Answers to the form of the start, by field key")


class VerbIn(Schema):
    """One step on a case."""

    token: int = Field(0, ge=0, le=2_147_483_647, description="The task; 0 for verbs of the whole case")
    arguments: dict[str, Any] = {}
    seen: int | None = Field(None, ge=0, le=2_147_483_647, description="`sequence` of the case as last read")


class TaskOut(Schema):
    """A task that stands open."""

    token: int
    node: str
    title: str
    status: str
    role: str
    assignee: int | None
    organisation: int | None
    since: datetime
    due_at: datetime | None
    verbs: list[str] = Field(description="What the caller may do with it")


class CaseOut(Schema):
    """A case as the caller may see it."""

    id: UUID
    number: str
    type: str
    title: str
    category: str
    status: str
    outcome: str
    division: str
    area: str
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    sequence: int
    data: dict[str, Any]
    tasks: list[TaskOut]
    verbs: list[str]


class EntryOut(Schema):
    """One entry of the tamper-evident history."""

    sequence: int
    kind: str
    at: datetime
    actor: str
    on_behalf_of: str | None
    facts: dict[str, Any]
    hash: str


def case_out(actor: Actor, case: Running) -> dict[str, Any]:
    """A case as `CaseOut`."""
    state = case.state
    return {
        "id": case.id, "number": case.number, "type": case.graph.type, "title": case.title, "category": case.category,
        "status": state.status, "outcome": state.outcome, "division": case.division, "area": case.area,
        "opened_at": case.opened_at, "closed_at": case.closed_at, "due_at": case.due_at, "sequence": case.sequence,
        "data": CaseView(actor, case).readable(state.data), "tasks": _tasks(actor, case),
        "verbs": allowed_verbs(actor, case, None),
    }  # fmt: skip


def _tasks(actor: Actor, case: Running) -> list[dict[str, Any]]:
    due = {clock.token: clock.due_at for clock in case.state.clocks.values() if clock.kind == "task"}
    found = []
    for token in case.state.open_tasks():
        node = case.graph.nodes[token.node]
        found.append({
            "token": token.no, "node": node.key, "title": node.title, "status": token.status, "role": token.role,
            "assignee": token.assignee, "organisation": token.organisation, "since": token.since,
            "due_at": due.get(token.no), "verbs": allowed_verbs(actor, case, token),
        })  # fmt: skip
    return found


@router.get("/case-types", response=list[TypeOut])
def case_types(request: HttpRequest) -> list[dict[str, Any]]:
    """Kinds of cases, with the form that opens one."""
    found = []
    for type, version in sorted(published().items()):
        bundle = graph_of(version).bundle
        start = graph_of(version).nodes[graph_of(version).start]
        form = bundle["forms"].get(start.raw.get("form", ""))
        found.append(
            {"type": type, "title": bundle["title"], "is_public": bool(bundle.get("public")), "form": form}
        )  # fmt: skip
    return found


@router.post("/cases", response={201: CaseOut})
def create_case(request: HttpRequest, body: OpenIn) -> tuple[int, dict[str, Any]]:
    """Open a case."""
    actor = actor_of(request)
    return 201, case_out(actor, open_case(actor, body.type, body.data))


@router.get("/cases/{case_id}", response=CaseOut)
def read_case(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """One case."""
    actor = actor_of(request)
    return case_out(actor, case_view(actor, case_id).case)


@router.get("/cases/{case_id}/history", response=list[EntryOut])
def read_history(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """Its whole history, oldest first. Personal data in `facts` is masked for readers without the right to it."""
    view = case_view(actor_of(request), case_id)
    return [
        {
            "sequence": entry.sequence, "kind": entry.kind, "at": entry.at, "actor": entry.actor_name,
            "on_behalf_of": entry.on_behalf_of, "facts": _readable(view, orjson.loads(entry.payload)),
            "hash": bytes(entry.hash).hex(),
        }
        for entry in entries_of(case_id)
    ]


def _readable(view: CaseView, facts: dict[str, Any]) -> dict[str, Any]:
    arguments = facts.get("arguments", {})
    if "data" not in arguments:
        return facts
    return {**facts, "arguments": {**arguments, "data": view.readable(arguments["data"])}}


@router.post("/cases/{case_id}/{verb}", response=CaseOut)
def do_verb(request: HttpRequest, case_id: UUID, verb: str, body: VerbIn) -> dict[str, Any]:
    """Take a step: complete, claim, transfer, send_back, urge … as `verbs` of the task or the case offer."""
    actor = actor_of(request)
    case = act(actor, case_id, verb, token=body.token, arguments=body.arguments, seen=body.seen)
    return case_out(actor, case) if may_see(actor, case) else {**case_out(actor, case), "data": {}, "tasks": []}
