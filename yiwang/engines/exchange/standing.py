"""What a case is in the six statuses of the border, and what a system calls them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from yiwang.engines.cases.api import open_cursor
from yiwang.engines.exchange.models import Link, System
from yiwang.engines.exchange.refusals import NotUnderstood
from yiwang.engines.exchange.spec import STATUSES, Participation
from yiwang.kernel.app import registry
from yiwang.kernel.errors import did_you_mean

_ORDER = tuple(STATUSES)
_STANDING = "SELECT id, number, status, stage, changed_at FROM cases_case WHERE id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Standing:
    """Number and status of a case as stored now."""

    number: str
    status: str
    changed_at: datetime


def participation_of(system: System) -> Participation:
    """What the app says about the type of case this system deals with."""
    return registry.find(Participation, system.participation)


def standings(part: Participation, ids: Sequence[UUID]) -> Mapping[UUID, Standing]:
    """One statement for any number of cases."""
    rows = open_cursor().read(_STANDING, [list(ids)])
    return {id: Standing(number, status_of(part, status, stage), at) for id, number, status, stage, at in rows}


def status_of(part: Participation, status: str, stage: str) -> str:
    """The status of a case in `status` whose work stands at the nodes of `stage` (keys joined by commas)."""
    if status != "open":
        return status
    reached = [part.stages.get(key, _ORDER[0]) for key in stage.split(",")]
    return max(reached, key=_ORDER.index)


def word_for(system: System, status: str) -> str:
    """What the system calls a status of ours; the status itself where its map is silent."""
    return str(system.outgoing.get(status, status))


def is_same(link: Link) -> bool:
    """Whether both sides say the same of the case, by status or, where two of ours are one of theirs, by their word."""
    return link.theirs == link.ours or link.their_word == word_for(link.system, link.ours)


def meant_by(system: System, word: str) -> str:
    """The status a word of theirs stands for; NotUnderstood names the known words."""
    found = system.incoming.get(word)
    if found is None:
        raise NotUnderstood(
            gettext("没有为状态“{word}”指定对应关系。").format(word=word),
            code="EVENT_STATUS",
            facts={"word": word, "known": sorted(system.incoming), "hint": did_you_mean(word, system.incoming)},
        )
    return str(found)
