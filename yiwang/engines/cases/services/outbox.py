"""Effects of steps, carried out after the step is stored: at least once, with retries, then laid aside as dead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from yiwang.engines.cases.events import MessageSent, Noticed
from yiwang.engines.cases.models import Outbox
from yiwang.engines.cases.performing import perform, surroundings
from yiwang.engines.cases.selectors.effects import within_reach
from yiwang.engines.cases.services import retiming
from yiwang.engines.cases.services.acting import open_case
from yiwang.engines.cases.services.signals import listening_cases
from yiwang.engines.cases.store.loading import claim
from yiwang.engines.cases.store.saving import save
from yiwang.engines.cases.store.tables import open_cursor
from yiwang.engines.directory.api import SYSTEM, Actor, district_code
from yiwang.engines.processes.api import Command, VerbRefused
from yiwang.engines.processes.spec import Handler
from yiwang.engines.trust import api as trust
from yiwang.kernel.app import registry
from yiwang.kernel.clock import now
from yiwang.kernel.errors import UserError, YiwangError
from yiwang.kernel.events import publish

MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=5)
MOST_AT_ONCE = 1_000


class BusinessError(YiwangError):
    """A handler's way to say that the work cannot be done: `name` is matched by boundary error events."""

    def __init__(self, name: str, message: str = "") -> None:
        self.name = name
        super().__init__(message or name)


def work_outbox(limit: int = 50) -> int:
    """Carry out up to `limit` waiting effects of each sort; the number handled, well or badly."""
    handled = _tell_notices(limit)
    for _ in range(limit):
        if not _work_one():
            break
        handled += 1
    return handled


def _waiting() -> QuerySet[Outbox]:
    """Due effects no other worker holds, the oldest first."""
    free = Outbox.objects.select_for_update(skip_locked=True)
    return free.filter(status="waiting", next_at__lte=now()).order_by("next_at")


def _tell_notices(limit: int) -> int:
    """Notices only speak inside this process: many share a transaction. When one fails each is tried by itself."""
    with transaction.atomic():
        rows = list(_waiting().filter(kind__in=NOTICES)[:limit])
        told = rows if _all_told(rows) else [row for row in rows if _carry(row)]
        Outbox.objects.filter(pk__in=[row.pk for row in told]).delete()
    return len(rows)


def _all_told(rows: Sequence[Outbox]) -> bool:
    try:
        with transaction.atomic():
            for row in rows:
                CARRIERS[row.kind](row)
    except Exception:
        return False
    return True


def _work_one() -> bool:
    """One effect in a transaction of its own. What it wrote is undone when it fails; the failure is noted after."""
    with transaction.atomic():
        row = _waiting().exclude(kind__in=NOTICES).first()
        if row is not None and _carry(row):
            row.delete()
    return row is not None


def _carry(row: Outbox) -> bool:
    """Whether it went well; if not, that is noted on the row."""
    try:
        with transaction.atomic():
            CARRIERS[row.kind](row)
    except Exception as error:
        _note_failure(row, error)
        return False
    return True


def _note_failure(row: Outbox, error: Exception) -> None:
    row.attempts += 1
    row.last_error = f"{type(error).__name__}: {error}"[:2000]
    row.next_at = now() + FIRST_PAUSE * 2 ** (row.attempts - 1)
    if row.attempts >= MOST_ATTEMPTS or isinstance(error, UserError):
        row.status = "dead"
    row.save()


def retry(actor: Actor, effects: Sequence[UUID] | None = None) -> int:
    """Give dead effects, these or all in reach, another round of tries; how many. At most MOST_AT_ONCE in one act."""
    dead = Outbox.objects.filter(within_reach(actor), status="dead").order_by("pk")
    if effects is not None:
        dead = dead.filter(pk__in=effects)
    with transaction.atomic():
        found = list(dead.select_for_update().values_list("pk", "kind", "case_id")[:MOST_AT_ONCE])
        ids = [pk for pk, _, _ in found]
        Outbox.objects.filter(pk__in=ids).update(status="waiting", attempts=0, next_at=now())
        if found:
            rows = [{"effect": str(pk), "kind": kind, "case": str(case or "")} for pk, kind, case in found]
            trust.append("outbox", "outbox.retried", {"effects": rows}, actor=actor, division=district_code())
    return len(found)


def tell(case_id: UUID, verb: str, arguments: Mapping[str, Any], token: int = 0) -> None:
    """An engine verb on a case, in the system's name."""
    cursor = open_cursor()
    cases = claim(cursor, [case_id])
    for case in cases.values():
        perform(case, Command(verb, now(), None, SYSTEM.name, token=token, arguments=arguments), surroundings())
    save(cursor, cases.values())


def _call(row: Outbox) -> None:
    assert row.case_id is not None
    handler = registry.find(Handler, row.payload["handler"])
    try:
        answer = handler.function(row.payload["facts"])
    except BusinessError as error:
        tell(row.case_id, "fail", {"error": error.name, "reason": str(error)}, row.payload["token"])
        return
    tell(row.case_id, "answer", {"data": dict(answer)}, row.payload["token"])


def _open_child(row: Outbox) -> None:
    parent = {"case": str(row.case_id), "token": row.payload["token"]}
    open_case(SYSTEM, row.payload["type"], row.payload["data"], parent=parent)


def _answer_parent(row: Outbox) -> None:
    parent, outcome = row.payload["parent"], row.payload["outcome"]
    data = {**row.payload["data"], "outcome": outcome}
    tell(UUID(parent["case"]), "answer", {"data": data}, parent["token"])


def _message(row: Outbox) -> None:
    payload = row.payload["payload"]
    target = payload.get("case")
    if target is None:
        publish(MessageSent(row.case_id, row.payload["name"], payload))
        return
    tell(UUID(target), "deliver", {"kind": "message", "name": row.payload["name"], "payload": payload})


def _signal(row: Outbox) -> None:
    name = row.payload["name"]
    for case_id in listening_cases(name):
        if case_id == row.case_id:
            continue
        try:
            with transaction.atomic():
                tell(case_id, "deliver", {"kind": "signal", "name": name, "payload": row.payload["payload"]})
        except VerbRefused:
            continue


def _notice(row: Outbox) -> None:
    assert row.case_id is not None
    publish(Noticed(row.case_id, row.kind, row.payload))


NOTICES = ("warning", "urged", "supervised", "circulated")
CARRIERS: Mapping[str, Callable[[Outbox], None]] = {
    "call": _call, "open_case": _open_child, "answer_parent": _answer_parent, "message": _message, "signal": _signal,
    retiming.KIND: retiming.carry_out, **dict.fromkeys(NOTICES, _notice),
}  # fmt: skip
