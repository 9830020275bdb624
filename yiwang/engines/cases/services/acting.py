"""What people do to cases: open one, take a step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction
from django.utils.translation import gettext

from yiwang.engines.cases.events import CaseMoved
from yiwang.engines.cases.files import take_up
from yiwang.engines.cases.filling import checked_data
from yiwang.engines.cases.numbers import next_number
from yiwang.engines.cases.performing import perform, surroundings
from yiwang.engines.cases.proving import with_evidence
from yiwang.engines.cases.rights import acting_as, has_verb, require, require_sight
from yiwang.engines.cases.selectors.histories import latest_of_token, moved_since
from yiwang.engines.cases.services.versions import published
from yiwang.engines.cases.store.loading import Running, claim, graph_of
from yiwang.engines.cases.store.saving import save
from yiwang.engines.cases.store.tables import open_cursor
from yiwang.engines.directory.api import Actor, district_code
from yiwang.engines.processes.api import (
    VERBS,
    CaseState,
    Command,
    GraphNode,
    ReasonMissing,
    StepTaken,
    Token,
    VerbRefused,
)
from yiwang.kernel.clock import CHINA, now
from yiwang.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, did_you_mean
from yiwang.kernel.events import publish
from yiwang.kernel.ids import new_id

LONGEST_FACT = 200
"""Characters of a fact a member of staff gives beside the form; apps answer for their own."""


def open_case(
    actor: Actor,
    type: str,
    data: Mapping[str, Any],
    *,
    parent: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    session_key: str | None = None,
    id: UUID | None = None,
) -> Running:
    """Open a case of a published type with form data as JSON; InvalidInput names each field at fault.

    A page that may be sent twice gives the `id` it will have: the second try ends in an IntegrityError.
    """
    with transaction.atomic():
        case = new_case(type, at or now(), id)
        if not (actor.is_system or case.graph.bundle.get("public") or has_verb(actor, "open", case.graph, "")):
            _require_opener(actor, case)
        start = case.graph.nodes[case.graph.start]
        arguments: dict[str, Any] = {"data": _opening_data(actor, case, start, data, session_key)}
        if parent is not None:
            arguments["parent"] = dict(parent)
        perform(case, command_of(actor, "open", at=case.opened_at, arguments=arguments), surroundings())
        save(open_cursor(), [case])
        take_up(actor, case, start, arguments, session_key)
        publish(CaseMoved(case.id, case.graph.type, "open", case.state.status))
    return case


def _opening_data(
    actor: Actor, case: Running, start: GraphNode, data: Mapping[str, Any], session_key: str | None
) -> dict[str, Any]:
    """What the form accepts, and the facts that apps and staff may give beside it."""
    names = case.graph.bundle.get("facts", ()) if actor.is_system or actor.grants else ()
    facts = {name: data[name] for name in names if data.get(name) is not None}
    wrong = [name for name, value in facts.items() if not (actor.is_system or _is_short_text(value))]
    if wrong:
        message = gettext("应为不超过 {most} 个字的文字。").format(most=LONGEST_FACT)
        raise InvalidInput({"path": name, "code": "FACT_MALFORMED", "message": message} for name in wrong)
    asked = {name: value for name, value in data.items() if name not in facts}
    return facts | checked_data(actor, case, start, asked, session_key)


def _is_short_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_FACT and value.isprintable()


def _require_opener(actor: Actor, case: Running) -> None:
    app = case.graph.bundle["app"]
    if not any("open" in grant.verbs and grant.role.split(".")[0] == app for grant in actor.grants):
        raise NotAllowed


def new_case(type: str, at: datetime, id: UUID | None = None) -> Running:
    """A case in memory, not yet opened, in the district until its place is known."""
    version = published().get(type)
    if version is None:
        raise NotFound(gettext("没有名为“{type}”的事项类型。").format(type=type) + did_you_mean(type, published()))
    graph = graph_of(version)
    district = district_code()
    state = CaseState(id or new_id())
    return Running(
        graph, version, next_number(at), district, district, graph.title, "", at, state, state,
        is_new=True, stood_in=district,
    )  # fmt: skip


def command_of(
    actor: Actor, verb: str, *, token: int = 0, at: datetime | None = None, arguments: Mapping[str, Any] | None = None
) -> Command:
    """A command in the actor's name."""
    return Command(verb, at or now(), actor.user_id, actor.name, actor.on_behalf_of, token, arguments or {})


def act(
    actor: Actor,
    case_id: UUID,
    verb: str,
    *,
    token: int = 0,
    arguments: Mapping[str, Any] | None = None,
    seen: int | None = None,
    session_key: str | None = None,
) -> Running:
    """One verb on one case. `seen` is the length of history the person looked at: what moved since is told."""
    if verb not in VERBS or verb == "open":
        raise VerbRefused(gettext("没有“{verb}”这个操作。").format(verb=verb), next_step=did_you_mean(verb, VERBS))
    given = dict(arguments or {})
    if VERBS[verb].needs_reason and not str(given.get("reason", "")).strip():
        raise ReasonMissing
    with transaction.atomic():
        cursor = open_cursor()
        case = claim(cursor, [case_id]).get(case_id)
        if case is None:
            raise NotFound
        require_sight(actor, case)
        standing = _standing(actor, case, verb, token, seen)
        if "data" in given and standing is not None:
            given["data"] = _step_data(actor, case, standing, verb, given["data"], session_key)
        doer = acting_as(actor, case, verb, standing)
        perform(case, command_of(doer, verb, token=token, arguments=given), surroundings())
        save(cursor, [case])
        node = case.graph.nodes[standing.node] if standing is not None else None
        take_up(actor, case, node, given, session_key)
        publish(CaseMoved(case.id, case.graph.type, verb, case.state.status))
    return case


def _step_data(
    actor: Actor, case: Running, token: Token, verb: str, data: Mapping[str, Any], session_key: str | None
) -> dict[str, Any]:
    """What the form of the task accepts, and what its photos prove when the task is to be over."""
    node = case.graph.nodes[token.node]
    found = checked_data(actor, case, node, data, session_key)
    if verb == "complete" and "evidence" in node.raw and not actor.is_system:
        return with_evidence(case, node, found, now())
    return found


def _standing(actor: Actor, case: Running, verb: str, number: int, seen: int | None) -> Token | None:
    """The token the verb is for, after rights and freshness are checked."""
    token = case.state.tokens.get(number) if VERBS[verb].token_statuses else None
    if VERBS[verb].token_statuses:
        if token is None:
            raise _already_taken(case, number)
        if seen is not None and seen < case.sequence and moved_since(case.id, seen, number):
            raise _stale(case, number)
    require(actor, case, verb, token)
    return token


def _already_taken(case: Running, number: int) -> StepTaken:
    last = latest_of_token(case.id, number)
    if last is None:
        return StepTaken()
    facts = orjson.loads(last.payload)
    title = VERBS[facts["verb"]].title
    return StepTaken(
        gettext("这一步已由{who}于{time}{verb}。").format(
            who=_who(last.actor_name), time=_time(last.at), verb=gettext(title)
        ),
        facts={"token": number},
    )


def _stale(case: Running, number: int) -> Conflict:
    last = latest_of_token(case.id, number)
    if last is None:
        return Conflict(gettext("您打开页面后，他人对该任务进行了操作。"), facts={"token": number})
    message = gettext("您打开页面后，{who}于{time}对该任务进行了操作。").format(
        who=_who(last.actor_name), time=_time(last.at)
    )
    return Conflict(message, facts={"token": number})


def _who(name: str) -> str:
    return name or gettext("系统")


def _time(at: datetime) -> str:
    local = at.astimezone(CHINA)
    return gettext("{month}月{day}日 {time}").format(month=f"{local:%m}", day=f"{local:%d}", time=f"{local:%H:%M}")
