"""Who may do what to a case: role, verb, division and organisation, decided in one place for services and selectors."""

from __future__ import annotations

from functools import lru_cache

from yiwang.engines.cases.store.loading import Running
from yiwang.engines.cases.store.saving import parties
from yiwang.engines.directory.api import EDIT_DEFINITIONS, RETRY_EFFECTS, Actor, Grant, district_code
from yiwang.engines.processes.api import VERBS, CaseState, Graph, NotYours, Token
from yiwang.kernel.errors import NotAllowed, NotFound

CASE_VERBS = frozenset(
    {
        "supervise", "lift_supervision", "circulate", "suspend", "resume", "extend", "refuse_extension", "defer",
        "refuse_deferral", "cancel", "transfer",
    }
)  # fmt: skip
"""Verbs a role must name in `may`; performers may transfer and refuse their own request without it."""
OF_THE_REPORTER = frozenset({"urge", "rate", "comment"})
ENGINE_ONLY = frozenset(key for key, verb in VERBS.items() if not verb.is_for_people)


@lru_cache(maxsize=512)
def roles_of(graph: Graph) -> frozenset[str]:
    """Roles with a part in a type of case: performers and watchers."""
    return frozenset(node.role for node in graph.nodes if node.role) | frozenset(graph.bundle.get("watchers", ()))


def require_definitions(actor: Actor) -> None:
    """Definitions are the platform's: changing every town's cases is not in the gift of a post in one of them."""
    if not (actor.is_system or actor.may(EDIT_DEFINITIONS, district_code())):
        raise NotAllowed


def require_effects(actor: Actor) -> None:
    """Effects are looked after wherever the actor holds the verb."""
    if not actor.scopes(RETRY_EFFECTS):
        raise NotAllowed


def holds(actor: Actor, role: str, division: str, organisation: int | None) -> bool:
    """Whether the actor holds this role for this division; an organisation's post fits its own and unassigned work."""
    return any(
        grant.role == role
        and division.startswith(grant.division)
        and (grant.organisation is None or organisation is None or grant.organisation == organisation)
        for grant in actor.grants
    )


def has_verb(actor: Actor, verb: str, graph: Graph, division: str) -> bool:
    """Whether a role with a part in this type names the verb, for this division."""
    roles = roles_of(graph)
    return actor.is_system or any(
        grant.role in roles and verb in grant.verbs and division.startswith(grant.division) for grant in actor.grants
    )


def is_reporter(actor: Actor, case: Running) -> bool:
    """Whether the actor opened the case, or proved without an account that it is theirs."""
    if actor.user_id is None:
        return actor.proof is not None and actor.proof == case.id
    return actor.user_id == case.state.opened_by


def may_see(actor: Actor, case: Running) -> bool:
    """Role in scope, or involved: opened it, worked on it, or one's organisation was given it."""
    if actor.is_system or is_reporter(actor, case):
        return True
    roles = roles_of(case.graph)
    if any(
        grant.role in roles and grant.sees == "division" and case.division.startswith(grant.division)
        for grant in actor.grants
    ):
        return True
    own = {f"u{actor.user_id}"} | {f"o{number}" for number in actor.organisation_ids}
    return not own.isdisjoint(parties(case, case.state.tokens.values(), case.state.memory.get("visited", {})))


def require_sight(actor: Actor, case: Running) -> None:
    """NotFound rather than NotAllowed: that a case exists is itself not for strangers."""
    if not may_see(actor, case):
        raise NotFound


def may_work(actor: Actor, case: Running, token: Token) -> bool:
    """Whether a task is the actor's to do: assigned to them, or open to a role they hold here."""
    if actor.is_system or (token.assignee is not None and token.assignee == actor.user_id):
        return True
    if token.assignee is not None or not token.role:
        return False
    return holds(actor, token.role, case.division, token.organisation)


def acting_as(actor: Actor, case: Running, verb: str, token: Token | None) -> Actor:
    """The actor with `on_behalf_of` set when only a deputy's grant lets it act; its own posts come first."""
    fitting = [grant for grant in actor.grants if _lets(grant, case, verb, token)]
    if not fitting or any(grant.on_behalf_of is None for grant in fitting):
        return actor
    return actor.acting_for(fitting[0].on_behalf_of)


def _lets(grant: Grant, case: Running, verb: str, token: Token | None) -> bool:
    if not case.division.startswith(grant.division):
        return False
    if token is not None and token.role == grant.role:
        return grant.organisation is None or token.organisation in (None, grant.organisation)
    return verb in CASE_VERBS and verb in grant.verbs and grant.role in roles_of(case.graph)


def require(actor: Actor, case: Running, verb: str, token: Token | None) -> None:
    """Refuse what the actor may not do; state guards are the step's own."""
    if actor.is_system:
        return
    if verb in ENGINE_ONLY:
        raise NotAllowed
    if verb in OF_THE_REPORTER:
        return
    if token is not None and _is_performers(actor, case, verb, token):
        return
    if verb in CASE_VERBS and has_verb(actor, verb, case.graph, case.division):
        return
    if token is not None and verb not in CASE_VERBS:
        raise NotYours if token.assignee not in (None, actor.user_id) else NotAllowed
    raise NotAllowed


def _is_performers(actor: Actor, case: Running, verb: str, token: Token) -> bool:
    if verb in ("extend", "defer"):
        return False
    if verb == "withdraw":
        return actor.user_id is not None and token.came_by == actor.user_id
    if verb == "recall":
        return (token.extra or {}).get("owner") == actor.user_id
    node = case.graph.nodes[token.node]
    return verb not in node.denied and may_work(actor, case, token)


def allowed_verbs(actor: Actor, case: Running, token: Token | None) -> list[str]:
    """Verbs to offer for a task (or, without one, for the case): state and rights both fit."""
    return [key for key in VERBS if _fits(case.state, key, token) and _is_allowed(actor, case, key, token)]


def _fits(state: CaseState, verb: str, token: Token | None) -> bool:
    row = VERBS[verb]
    if state.status not in row.case_statuses or bool(row.token_statuses) != (token is not None):
        return False
    return token is None or token.status in row.token_statuses


def _is_allowed(actor: Actor, case: Running, verb: str, token: Token | None) -> bool:
    try:
        require(actor, case, verb, token)
    except NotAllowed:
        return False
    return True
