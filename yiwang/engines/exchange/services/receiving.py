"""Events that came in: each is done once, whatever the network repeats, and what cannot be done waits for a person."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction
from django.utils.translation import gettext

from yiwang.engines.directory.api import Actor, district_code, vault
from yiwang.engines.exchange.envelope import Event
from yiwang.engines.exchange.models import KEPT, Inbound, System
from yiwang.engines.exchange.refusals import OtherBody
from yiwang.engines.exchange.rights import require_edit
from yiwang.engines.exchange.services.applying import Result, apply
from yiwang.engines.trust import api as trust
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.clock import now
from yiwang.kernel.errors import Conflict, NotFound, Unavailable, UserError


def receive(system: System, event: Event, sent: bytes) -> tuple[int, Mapping[str, Any]]:
    """HTTP status and answer. The same event again gets the same answer, unless a part of ours was down: then it is
    done now. `sent` is what the two are compared by."""
    digest = hashlib.sha256(sent).digest()
    with transaction.atomic():
        row, is_new = Inbound.objects.get_or_create(
            system=system,
            event_id=event.id,
            defaults={
                "hash": digest, "type": event.type[:80], "outside_id": event.subject, "sequence": event.sequence,
                "said_at": event.time or now(), "word": event.word[:80], "outcome": "refused", "received_at": now(),
            },
        )  # fmt: skip
        if not is_new:
            if bytes(row.hash) != digest:
                raise OtherBody
            row = _held(row) if row.outcome == "postponed" else row
            if row.outcome != "postponed":
                return row.status, row.answer
        _take(row, event)
    return row.status, row.answer


def _held(row: Inbound) -> Inbound:
    """The row as it is once nobody else is at it: the sender's next try and a person may come at once."""
    return Inbound.objects.select_for_update(of=("self",)).select_related("system").get(pk=row.pk)


def _take(row: Inbound, event: Event) -> None:
    """Do it and what waited for it, or nothing: what a part of ours that is down keeps us from is put off."""
    try:
        with transaction.atomic():
            _do(row, event)
    except Unavailable as error:
        _note(row, event, Result("postponed", error.status, _problem(error, error.status)))


def _do(row: Inbound, event: Event) -> None:
    """Do it, note what became of it, and take up what waited for it. Unavailable when it could not be tried."""
    try:
        with transaction.atomic():
            result = apply(row.system, event)
    except Unavailable:
        raise
    except UserError as refused:
        result = Result("refused", 422, _problem(refused, 422))
    _note(row, event, result)
    if result.answer.get("result") == "opened":
        _do_waiting(row)


def _note(row: Inbound, event: Event, result: Result) -> None:
    row.outcome, row.status, row.answer = result.outcome, result.status, dict(result.answer)
    row.case_id = result.case_id
    is_kept = row.outcome in KEPT
    row.key_version = vault.key_version() if is_kept else 0
    row.body = vault.seal(_text(event), row.key_version, _place(row)) if is_kept else None
    row.save()


def _do_waiting(opened: Inbound) -> None:
    waiting = Inbound.objects.filter(system=opened.system, outside_id=opened.outside_id, outcome="waiting")
    for row in waiting.select_for_update(of=("self",)).select_related("system").order_by("sequence", "said_at"):
        _do(row, kept_event(row))


def _problem(refused: UserError, status: int) -> dict[str, Any]:
    """RFC 9457, as it is sent now and whenever the event comes again."""
    message = gettext(refused.message)
    return {
        "type": f"urn:yiwang:{refused.code}", "title": message, "status": status, "code": refused.code,
        "detail": gettext(refused.next_step) if refused.next_step else "", **refused.facts,
    }  # fmt: skip


def _place(row: Inbound) -> str:
    return f"{row.pk}/event"


def _text(event: Event) -> str:
    return canonical_json(asdict(event)).decode()


def kept_event(row: Inbound) -> Event:
    """The event of a row that still keeps it."""
    if row.body is None:
        raise NotFound
    values = orjson.loads(vault.unseal(bytes(row.body), row.key_version, _place(row)))
    return Event(**{**values, "time": row.said_at if values["time"] is not None else None})


def replay(actor: Actor, inbound_id: UUID) -> Inbound:
    """Try a kept event again, after its map or its data's rules were put right."""
    require_edit(actor)
    with transaction.atomic():
        rows = Inbound.objects.select_for_update(of=("self",)).select_related("system")
        row = rows.filter(pk=inbound_id).first()
        if row is None:
            raise NotFound
        if row.outcome not in KEPT:
            raise Conflict(gettext("这个事件已经处理。"), next_step="")
        _take(row, kept_event(row))
        facts = {"event": row.event_id, "outcome": row.outcome}
        stream = f"exchange:{row.system.key}"
        trust.append(stream, "exchange.replayed", facts, actor=actor, division=district_code())
    return row
