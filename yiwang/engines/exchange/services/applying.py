"""What an event does here: opens a case, moves it, or loses to the system's rule.

Everybody locks the case first and its link second, so that no two can wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from yiwang.engines.cases.api import Running, act, claim, open_case, open_cursor
from yiwang.engines.directory.api import Actor, system_actor
from yiwang.engines.exchange.envelope import CHANGED, OPENED, PING, TYPES, Event
from yiwang.engines.exchange.models import Conflict, Link, System
from yiwang.engines.exchange.refusals import NotUnderstood
from yiwang.engines.exchange.services.telling import agree, tell_if_moved
from yiwang.engines.exchange.spec import OURS_WHILE_WORKED, STATUSES
from yiwang.engines.exchange.standing import is_same, meant_by, participation_of, standings, word_for
from yiwang.kernel.clock import now
from yiwang.kernel.errors import Unavailable, UserError, did_you_mean
from yiwang.kernel.ids import new_id

MOST_CORRECTIONS = 5
"""Times in CORRECTION_SPAN we tell a system again that ours holds; then a person decides. A proposal: it ends the
quarrel of two systems that both believe they lead."""
CORRECTION_SPAN = timedelta(hours=1)
_LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an event: outcome (`models.OUTCOMES`), HTTP status, what the sender is told."""

    outcome: str
    status: int = 200
    answer: Mapping[str, Any] = field(default_factory=dict)
    case_id: UUID | None = None


def apply(system: System, event: Event) -> Result:
    """Do what the event says. UserError when it cannot be understood, Unavailable when it cannot be tried now; nothing
    was written then."""
    action = _ACTIONS.get(event.type)
    if action is None:
        raise NotUnderstood(
            gettext("没有名为“{type}”的事件。").format(type=event.type),
            code="EVENT_TYPE",
            facts={"event_type": event.type, "known": list(TYPES), "hint": did_you_mean(event.type, TYPES)},
        )
    return action(system, event)


def actor_of(system: System) -> Actor:
    """In whose name the journal shows what an event did."""
    return system_actor(system.title)


def _ping(system: System, event: Event) -> Result:
    return Result("applied", answer={"result": "pong"})


def _opened(system: System, event: Event) -> Result:
    part = participation_of(system)
    theirs = meant_by(system, event.word) if event.word else ""
    known = Link.objects.filter(system=system, outside_id=event.subject).first()
    if known is not None:
        return _known(known)
    try:
        data = part.opening({**event.data, "id": event.subject})
    except ValueError as error:
        raise NotUnderstood(str(error), code="EVENT_CONTENT") from None
    at = now()
    try:
        with transaction.atomic():
            link = Link.objects.create(
                system=system, case_id=new_id(), outside_id=event.subject, ours="", ours_at=at, theirs=theirs,
                their_word=event.word, theirs_at=_said_at(event), their_sequence=event.sequence, looked_at=at,
                created_at=at,
            )  # fmt: skip
    except IntegrityError:  # The same matter came in twice at once under two event ids.
        return _known(Link.objects.get(system=system, outside_id=event.subject))
    case = open_case(actor_of(system), part.type, data, id=link.case_id)
    link.refresh_from_db()
    status = word_for(system, link.ours)
    return Result("applied", 201, {"result": "opened", "id": case.number, "status": status}, case.id)


def _known(link: Link) -> Result:
    standing = standings(participation_of(link.system), [link.case_id])[link.case_id]
    answer = {"result": "known", "id": standing.number, "status": word_for(link.system, standing.status)}
    return Result("applied", 200, answer, link.case_id)


def _changed(system: System, event: Event) -> Result:
    theirs = meant_by(system, event.word)
    found = Link.objects.filter(system=system, outside_id=event.subject).values_list("pk", "case_id").first()
    if found is None:
        return Result("waiting", 202, {"result": "waiting", "for": OPENED, "subject": event.subject})
    case = claim(open_cursor(), [found[1]])[found[1]]
    link = Link.objects.select_for_update(of=("self",)).select_related("system").get(pk=found[0])
    if _is_old(link, event):
        return Result("stale", 200, {"result": "recorded", "known_sequence": link.their_sequence}, case.id)
    tell_if_moved(link)
    is_blind = (event.seen if event.seen is not None else link.acknowledged) < link.moved_sequence
    link.theirs, link.their_word, link.theirs_at = theirs, event.word, _said_at(event)
    link.their_sequence = event.sequence if event.sequence is not None else link.their_sequence
    link.save()
    return _settled(case, link, event, is_blind)


def _settled(case: Running, link: Link, event: Event, is_blind: bool) -> Result:
    """Their word is known and newest: the same as ours, or one of the two gives way."""
    if is_same(link):
        agree(link)
        return _answer("applied", link, case)
    if _leader(link, is_blind) == "ours":
        return _overruled(case, link)
    if is_blind:
        _note(link, "theirs")
    why = _carry_out(case, link, event)
    link.refresh_from_db()
    if not why and is_same(link):
        link.ours_at = link.theirs_at or link.ours_at
        link.save(update_fields=["ours_at"])
        return _answer("applied", link, case)
    _note(link, "open", why or gettext("我方还没有办到这一步。"))
    return _answer("conflict", link, case)


def _leader(link: Link, is_blind: bool) -> str:
    """Who gives way, by the rule of the system. Who has seen our last word follows it; who has not meets it."""
    rule = link.system.rule
    if rule == "ours_after_dispatch":
        return "ours" if link.ours in OURS_WHILE_WORKED else "theirs"
    if rule == "latest":
        is_later = link.theirs_at is not None and link.theirs_at > link.ours_at
        return "theirs" if is_later or not is_blind else "ours"
    return rule


def _overruled(case: Running, link: Link) -> Result:
    recent = link.conflicts.filter(decision="ours", at__gt=now() - CORRECTION_SPAN).count()
    if recent >= MOST_CORRECTIONS:
        _note(link, "open", gettext("双方一小时内反复更正，已停止自动更正。"))
        return _answer("conflict", link, case)
    _note(link, "ours")
    tell_if_moved(link, always=True)
    return _answer("overruled", link, case)


def _note(link: Link, decision: str, why: str = "") -> None:
    """One line of the list of conflicts; a link has at most one open."""
    link.conflicts.filter(decision="open").delete()
    at = now()
    Conflict.objects.create(
        link=link, ours=link.ours, theirs=link.theirs, word=link.their_word, rule=link.system.rule, decision=decision,
        why=why[:300], at=at, decided_at=None if decision == "open" else at,
        decided_by="" if decision == "open" else gettext("规则"),
    )  # fmt: skip


def _answer(outcome: str, link: Link, case: Running) -> Result:
    answer = {"result": outcome, "id": case.number, "status": word_for(link.system, link.ours)}
    return Result(outcome, 200, answer, case.id)


def _carry_out(case: Running, link: Link, event: Event) -> str:
    """Bring the case into the status they say; why it cannot be done, '' when it was."""
    note = event.data.get("note", "")
    return carry_out(case, link, note if isinstance(note, str) else "")


def carry_out(case: Running, link: Link, note: str) -> str:
    """As `_carry_out`, in the other system's name. The verbs are the app's; a suspended case that runs again outside
    is resumed. Unavailable when a part of ours is down."""
    part = participation_of(link.system)
    verb = part.verbs.get(link.theirs, "")
    if not verb and case.state.status == "suspended" and link.theirs not in ("closed", "cancelled"):
        verb = "resume"
    if not verb:
        return gettext("我方没有能把办件变成“{status}”的操作。").format(status=gettext(STATUSES[link.theirs]))
    text = note[:_LONGEST_NOTE] or gettext("对方状态：{word}").format(word=link.their_word)
    arguments: dict[str, Any] = {"reason": text}
    if verb == "settle":
        arguments = {"outcome": "closed", "main": "", "data": {part.reply: text} if part.reply else {}}
    try:
        with transaction.atomic():
            act(actor_of(link.system), case.id, verb, arguments=arguments)
    except Unavailable:
        raise
    except UserError as refused:
        return refused.sentence()
    return ""


def _is_old(link: Link, event: Event) -> bool:
    """Whether we know something newer of theirs: by sequence, else by time."""
    if event.sequence is not None and link.their_sequence is not None:
        return event.sequence <= link.their_sequence
    return event.time is not None and link.theirs_at is not None and event.time < link.theirs_at


def _said_at(event: Event) -> datetime:
    """When they say it happened, but not later than now: a clock that runs ahead wins nothing."""
    return min(event.time or now(), now())


_ACTIONS: Mapping[str, Callable[[System, Event], Result]] = {OPENED: _opened, CHANGED: _changed, PING: _ping}
