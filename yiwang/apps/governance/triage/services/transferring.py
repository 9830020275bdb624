"""A matter passed on to 110, 119 or 120: written down once, its receipt added, its caller revealed with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from yiwang.apps.governance.triage.judging import SERVICES
from yiwang.apps.governance.triage.models import SOURCES, Transfer
from yiwang.apps.governance.triage.rights import REVEAL, TRANSFER
from yiwang.apps.governance.triage.selectors import transfer_of
from yiwang.apps.governance.triage.standing import rules_on
from yiwang.engines.directory.api import Actor, district_code, locate, masked_phone, vault
from yiwang.engines.trust.api import append
from yiwang.kernel.clock import now
from yiwang.kernel.errors import Conflict, InvalidInput, NotAllowed, UserError
from yiwang.kernel.ids import new_id

STREAM = "triage.transfers"
LONGEST = {"text": 2000, "address": 200, "caller_name": 40, "reason": 300}


class Unreadable(UserError):
    """The stored number was changed past this program, or belongs to another record."""

    code, status = "CALLER_UNREADABLE", 409
    message, next_step = "登记的电话已损坏或被改动，无法显示。", "请联系系统管理员核查日志和备份。"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was said and by whom. `origin` names the report within its source: the same twice is one transfer.

    `place` as the form engine gives it: longitude, latitude, address; any may be missing. `at` is now unless given.
    """

    target: str
    text: str
    source: str = "call"
    origin: str = ""
    caller_name: str = ""
    phone: str = ""
    place: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    at: datetime | None = None


def transfer(actor: Actor, told: Told) -> Transfer:
    """Write the transfer down; the rule and words are found again here. The same report again gives the first one."""
    _check(told)
    kept = _written(told) if told.origin else None
    if kept is not None:
        return transfer_of(actor, kept.pk)
    row = _row(actor, told)
    if not actor.may(TRANSFER, row.division):
        raise NotAllowed(next_step="请由事发地所在镇街的分流员登记，或转告区分流员。")
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            facts = {
                "id": str(row.pk), "target": row.target, "rule": row.rule, "words": row.words, "reason": row.reason,
                "source": row.source, "origin": row.origin, "division": row.division,
            }  # fmt: skip
            append(STREAM, "emergency.transferred", facts, actor=actor, division=row.division, at=row.at)
    except IntegrityError:
        return transfer_of(actor, Transfer.objects.get(source=row.source, origin=row.origin, target=row.target).pk)
    return row


@transaction.atomic
def transfer_to_each(actor: Actor, told: Told, targets: Sequence[str]) -> list[Transfer]:
    """One report that goes to several services: all of them written down, or none."""
    return [transfer(actor, replace(told, target=target)) for target in dict.fromkeys(targets)]


def _written(told: Told) -> Transfer | None:
    return Transfer.objects.filter(source=told.source, origin=told.origin, target=told.target).first()


def _check(told: Told) -> None:
    """InvalidInput with every fault, by field."""
    faults = []
    if told.target not in SERVICES:
        faults.append(("target", "TARGET", gettext("请选择移交给 110、119 还是 120。")))
    if told.source not in SOURCES:
        faults.append(("source", "SOURCE", gettext("请选择来源。")))
    if not told.text.strip():
        faults.append(("text", "TEXT_MISSING", gettext("请写下来电人说了什么。")))
    for name, most in LONGEST.items():
        if len(getattr(told, name, "") or "") > most:
            faults.append((name, "TOO_LONG", gettext("最多 {most} 个字。").format(most=most)))
    if faults:
        raise InvalidInput([{"path": path, "code": code, "message": message} for path, code, message in faults])


def _row(actor: Actor, told: Told) -> Transfer:
    at, identity, version = told.at or now(), new_id(), vault.key_version()
    judged = rules_on(at).judge(told.text)
    proof = next((found for found in judged.found if found.emergency.target == told.target), None)
    point = told.place.get("longitude"), told.place.get("latitude")
    cell = locate(float(point[0]), float(point[1])) if point[0] is not None and point[1] is not None else None
    phone = "".join(told.phone.split())
    return Transfer(
        id=identity, target=told.target, text=told.text.strip(), source=told.source,
        rule=proof.emergency.rule if proof else "", severity=proof.emergency.severity if proof else "",
        words=list(proof.words) if proof else [],
        reason=told.reason.strip() or (proof.emergency.reason if proof else gettext("人工判断")),
        origin=told.origin or str(identity), caller_name=told.caller_name.strip(),
        phone_cipher=vault.seal(phone, version, f"{identity}/phone") if phone else None,
        phone_masked=masked_phone(phone) if phone else "", key_version=version,
        address=str(told.place.get("address") or ""), longitude=point[0], latitude=point[1],
        division=cell or _own_division(actor), by_id=actor.user_id, by=actor.name, at=at,
    )  # fmt: skip


def _own_division(actor: Actor) -> str:
    """Where an unknown place counts: the writer's own division."""
    scopes = actor.scopes(TRANSFER)
    return scopes[0] if scopes and scopes[0] else district_code()


@transaction.atomic
def add_receipt(actor: Actor, transfer_id: UUID, receipt: str) -> Transfer:
    """What the service called gave back: its number or who took it. Once."""
    row = Transfer.objects.select_for_update().get(pk=transfer_of(actor, transfer_id).pk)
    if not receipt.strip() or len(receipt) > 120:
        message = gettext("请填写接警编号或接警人，最多 120 个字。")
        raise InvalidInput([{"path": "receipt", "code": "RECEIPT", "message": message}])
    if row.receipt:
        raise Conflict("已经登记过接警回执。", next_step="如有更正，请另行告知分流班长。")
    row.receipt, row.received_at = receipt.strip(), now()
    row.save(update_fields=["receipt", "received_at"])
    append(STREAM, "emergency.receipt", {"id": str(row.pk), "receipt": row.receipt}, actor=actor, division=row.division)
    return row


@transaction.atomic
def reveal_caller(actor: Actor, transfer_id: UUID, reason: str) -> str:
    """The caller's telephone in clear; who looked and why stands in the journal."""
    row = transfer_of(actor, transfer_id)
    if not actor.may(REVEAL, row.division):
        raise NotAllowed
    if not reason.strip():
        message = gettext("请写明查看电话的理由。")
        raise InvalidInput([{"path": "reason", "code": "REASON", "message": message}])
    if row.phone_cipher is None:
        return ""
    try:
        clear = vault.unseal(bytes(row.phone_cipher), row.key_version, f"{row.pk}/phone")
    except InvalidTag:
        raise Unreadable from None
    facts = {"id": str(row.pk), "reason": reason.strip()[:300]}
    append(STREAM, "emergency.caller_revealed", facts, actor=actor, division=row.division)
    return clear
