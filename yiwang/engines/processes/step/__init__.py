"""One step: `(graph, state, command) -> (state, facts, effects)`. Pure; screen, sweep and replay share it."""

from __future__ import annotations

from yiwang.engines.processes.errors import CaseEnded, StepTaken, VerbRefused
from yiwang.engines.processes.graph import Graph
from yiwang.engines.processes.state import CaseState, Command, Outcome, Token
from yiwang.engines.processes.step.holding import is_with_applicant
from yiwang.engines.processes.step.movement import drain
from yiwang.engines.processes.step.verbs import VERBS, Verb
from yiwang.engines.processes.step.work import Surroundings, Work

__all__ = ["VERBS", "Surroundings", "Verb", "step"]

WITH_APPLICANT = frozenset({"complete", "claim", "withdraw"})
"""Verbs for a task that waits for the applicant."""


def step(graph: Graph, state: CaseState, command: Command, around: Surroundings) -> Outcome:
    """Do one command. The given state stays as it was; a refused command raises a UserError and changes nothing."""
    verb = VERBS[command.verb]
    work = Work(graph, state.fork(), command, around)
    token = _checked_token(work, verb)
    verb.act(work, token)
    drain(work)
    return Outcome(work.state, _facts(work, token), work.effects)


def _checked_token(work: Work, verb: Verb) -> Token | None:
    if work.state.status not in verb.case_statuses:
        ended = work.state.status in ("closed", "cancelled")
        raise CaseEnded if ended else VerbRefused(facts={"verb": verb.key, "status": work.state.status})
    if not verb.token_statuses:
        return None
    token = work.state.tokens.get(work.command.token)
    if token is None:
        raise StepTaken(facts={"token": work.command.token})
    if token.status not in verb.token_statuses:
        raise VerbRefused(facts={"verb": verb.key, "status": token.status})
    if is_with_applicant(token) and verb.key not in WITH_APPLICANT:
        raise VerbRefused("该任务正在等待申请人补正。", next_step="请等待申请人补正，或撤回补正要求。")
    return token


def _facts(work: Work, token: Token | None) -> dict[str, object]:
    command = work.command
    facts: dict[str, object] = {"verb": command.verb}
    if token is not None:
        facts["token"], facts["node"] = token.no, work.graph.nodes[token.node].key
    if command.arguments:
        facts["arguments"] = dict(command.arguments)
    if work.path:
        facts["path"] = work.path
    if work.opened:
        facts["opened"] = work.opened
    facts.update(work.facts)
    return facts
