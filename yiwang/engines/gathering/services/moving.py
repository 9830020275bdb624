"""What the services share: words in a history, members that change their main, reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from yiwang.engines.cases.api import Running, perform, surroundings
from yiwang.engines.directory.api import Actor
from yiwang.engines.gathering.models import Membership
from yiwang.engines.processes.api import Command, ReasonMissing
from yiwang.kernel.clock import now

LONGEST_REASON = 500


def reason_in(text: str) -> str:
    """The reason as it is kept; refused when there is none."""
    found = " ".join(text.split())[:LONGEST_REASON]
    if not found:
        raise ReasonMissing
    return found


def do(actor: Actor, case: Running, verb: str, arguments: Mapping[str, Any]) -> None:
    """A verb on a case in hand, in the actor's name; the caller saves and has checked the rights."""
    command = Command(verb, now(), actor.user_id, actor.name, actor.on_behalf_of, 0, arguments)
    perform(case, command, surroundings())


def say(actor: Actor, case: Running, text: str) -> None:
    """A remark in a case's history."""
    do(actor, case, "comment", {"text": text})


def holding(case_id: UUID, kind: str = "merged") -> Membership | None:
    """The membership of this kind that holds now."""
    return Membership.objects.filter(case_id=case_id, kind=kind, ended_at=None).first()


def end(row: Membership, ending: str, actor: Actor) -> None:
    """The membership holds no more."""
    row.ending, row.ended_at, row.ended_by = ending, now(), actor.user_id
    row.save(update_fields=["ending", "ended_at", "ended_by"])


def bring_along(case_id: UUID, main_id: UUID) -> None:
    """Who was merged into a case that is merged itself now belongs to its main: no chains."""
    for row in Membership.objects.filter(into_id=case_id, kind="merged", ended_at=None):
        row.into_id, row.way = main_id, [*row.way, case_id]
        row.save(update_fields=["into_id", "way"])


def take_back(case_id: UUID, main_id: UUID) -> None:
    """The reverse: who came with this case leaves the main with it."""
    for row in Membership.objects.filter(into_id=main_id, kind="merged", ended_at=None):
        if row.way and row.way[-1] == case_id:
            row.into_id, row.way = case_id, row.way[:-1]
            row.save(update_fields=["into_id", "way"])
