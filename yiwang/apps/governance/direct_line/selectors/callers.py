"""Who is calling: what this telephone number has appealed for before, as far as the actor may see."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from yiwang.apps.governance.direct_line.posts import DESK
from yiwang.engines.cases.api import CaseView, Running, seen_cases
from yiwang.engines.directory.api import Actor, district_code, masked_phone
from yiwang.kernel.errors import NotAllowed

MOST = 12
_EARLIER = """SELECT case_id FROM direct_line_callerappeal WHERE phone_digest = sha256(convert_to(%s, 'UTF8'))
ORDER BY opened_at DESC, case_id DESC LIMIT %s"""
"""Sealed appeals are never here."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A telephone number with its appeals, newest first. `name` is the last one given, masked without the right."""

    phone: str
    name: str
    open: tuple[Running, ...]
    ended: tuple[Running, ...]
    is_more: bool

    @property
    def is_known(self) -> bool:
        return bool(self.open or self.ended)


def caller(actor: Actor, phone: str) -> Caller:
    """The card of a caller. NotAllowed for everybody but the desk; the number itself was told by the telephone."""
    if not actor.may(DESK, district_code()):
        raise NotAllowed
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, [phone, MOST + 1])
        ids: list[UUID] = [row[0] for row in cursor.fetchall()]
    cases = seen_cases(actor, ids[:MOST])
    seen = [cases[id] for id in ids[:MOST] if id in cases]
    is_open = [one.closed_at is None for one in seen]
    return Caller(
        masked_phone(phone), _name(actor, seen),
        tuple(one for one, keep in zip(seen, is_open, strict=True) if keep),
        tuple(one for one, keep in zip(seen, is_open, strict=True) if not keep), len(ids) > MOST,
    )  # fmt: skip


def _name(actor: Actor, seen: list[Running]) -> str:
    named = next((one for one in seen if one.state.data.get("name")), None)
    return str(CaseView(actor, named).readable(named.state.data)["name"]) if named is not None else ""
