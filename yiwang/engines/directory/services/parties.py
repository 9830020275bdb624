"""Writes to parties. A number is checked, encrypted and hashed here; its clear text is stored nowhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.db import transaction

from yiwang.engines.directory import vault
from yiwang.engines.directory.actors import Actor
from yiwang.engines.directory.administration import EDIT_PARTIES, REVEAL_PARTIES
from yiwang.engines.directory.dates import today
from yiwang.engines.directory.events import DirectoryChanged, PartyRevealed
from yiwang.engines.directory.faults import Faults, Told, save_once
from yiwang.engines.directory.guards import require
from yiwang.engines.directory.lookups import district_code
from yiwang.engines.directory.models import Party
from yiwang.engines.directory.numbers import (
    compact,
    credit_code_fault,
    masked,
    masked_phone,
    phone_fault,
    resident_id_fault,
)
from yiwang.engines.directory.selectors.divisions import known_code
from yiwang.engines.directory.selectors.parties import home_of, party
from yiwang.kernel.clock import now
from yiwang.kernel.errors import NotFound, UserError
from yiwang.kernel.events import publish
from yiwang.kernel.ids import new_id

_TOLD: Told = {"party_once": ("id_number", "PARTY_EXISTS", "此号码的当事人已登记，请查询后使用原记录，不要重复登记。")}


class Damaged(UserError):
    """The stored number was changed past this program, or belongs to another record."""

    code, status = "PARTY_DAMAGED", 409
    message, next_step = "登记的号码已损坏或被改动，无法显示。", "请联系系统管理员核查账本和备份。"


def _checked(kind: str, name: str, id_number: str, phone: str) -> tuple[str, str, str]:
    faults = Faults()
    if kind not in ("person", "firm"):
        faults.add("kind", "PARTY_KIND", "当事人应为自然人，或法人和其他组织。")
    name = faults.text("name", "名称" if kind == "firm" else "姓名", name, 120)
    number, phone = compact(id_number), compact(phone)
    wrong = credit_code_fault(number) if kind == "firm" else resident_id_fault(number, today())
    if number and wrong:
        faults.add("id_number", "CREDIT_CODE" if kind == "firm" else "RESIDENT_ID", wrong)
    if phone and phone_fault(phone):
        faults.add("phone", "PHONE", phone_fault(phone))
    faults.refuse()
    return name, number, phone


def _row(kind: str, name: str, number: str, phone: str, division: str | None) -> Party:
    version, identity = vault.key_version(), new_id()
    kept: dict[str, Any] = {}
    for field, clear, hide in (("id_number", number, masked), ("phone", phone, masked_phone)):
        if clear:
            kept[f"{field}_cipher"] = vault.seal(clear, version, f"{identity}/{field}")
            kept[f"{field}_digest"] = vault.digest(clear)
            kept[f"{field}_masked"] = hide(clear)
    return Party(id=identity, kind=kind, name=name, key_version=version, division_id=division, created_at=now(), **kept)


@transaction.atomic
def record_party(
    actor: Actor, *, kind: str, name: str, id_number: str = "", phone: str = "", division: str = ""
) -> Party:
    """A new person (`kind` "person") or firm ("firm"). A number already known is refused: one party, one record."""
    where = known_code(division) if division else None
    require(actor, EDIT_PARTIES, where or district_code())
    name, number, phone = _checked(kind, name, id_number, phone)
    row = _row(kind, name, number, phone, where)
    save_once(row, _TOLD)
    _tell(actor, "recorded", row)
    return row


@transaction.atomic
def keep_party(
    actor: Actor, *, kind: str, name: str, id_number: str = "", phone: str = "", division: str = ""
) -> Party:
    """For other engines: the party somebody states to be in a form, so that no case holds a number in the clear.

    The one known by this number, else a new record. No right is asked, for everybody may say who they are; and nothing
    of a known record comes back that was not stated but its id, so its masks and name are not to be shown.
    """
    name, number, phone = _checked(kind, name, id_number, phone)
    if number:
        known = Party.objects.filter(id_number_digest=vault.digest(number), kind=kind).first()
        if known is not None:
            return known
    row = _row(kind, name, number, phone, known_code(division) if division else None)
    save_once(row, _TOLD)
    _tell(actor, "recorded", row)
    return row


def _tell(actor: Actor, kind: str, row: Party) -> None:
    """The journal gets no name and no number: it is read by more people than the record."""
    publish(DirectoryChanged(f"party.{kind}", f"party/{row.pk}", actor, home_of(row), {"kind": row.kind}))


@transaction.atomic
def reveal(actor: Actor, number: UUID, field: str, reason: str) -> str:
    """The clear text of `id_number` or `phone`, for a reason that goes into the journal; Damaged if it was altered."""
    row = party(actor, number)
    require(actor, REVEAL_PARTIES, home_of(row))
    faults = Faults()
    reason = faults.text("reason", "查看理由", reason, 200)
    if len(reason) < 4:
        faults.add("reason", "TOO_SHORT", "查看理由至少4个字，请写明因何事项需要查看。")
    faults.refuse()
    sealed = {"id_number": row.id_number_cipher, "phone": row.phone_cipher}.get(field)
    if sealed is None:
        raise NotFound("该当事人没有登记这一项。", next_step="请返回核对。")
    publish(PartyRevealed(row.pk, field, actor, reason, home_of(row)))
    try:
        return vault.unseal(bytes(sealed), row.key_version, f"{row.pk}/{field}")
    except InvalidTag:
        raise Damaged from None
