"""Daily seals: what a seal covers, how it is hashed, and how one stream's place under it is proved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from yiwang.engines.trust import merkle
from yiwang.engines.trust.chain import GENESIS, microseconds
from yiwang.engines.trust.digest import sm3
from yiwang.engines.trust.heads import heads_sql
from yiwang.engines.trust.models import DaySeal, SealedHead
from yiwang.engines.trust.sql import statement
from yiwang.engines.trust.storage import copied
from yiwang.kernel import clock
from yiwang.kernel.errors import UserError

_ONE_SEALER = 0x5EA1  # key of the advisory lock: two sealers would read the same last seal


class NotSealable(UserError):
    """A day is sealed once, and after the day before it."""

    code, status = "DAY_NOT_SEALABLE", 409
    message, next_step = "该日期已封存，或早于最近一次封存。", "请核对日期后重试。"


class NotSealed(UserError):
    code, status = "NOT_SEALED", 404
    message, next_step = "该日期尚无封存记录，或封存时还没有这条记录。", "请选择封存之后的日期。"


@dataclass(frozen=True, slots=True)
class Proof:
    """That `stream` stood at `sequence` with `hash` when the day was sealed; checked by `check_proof`."""

    stream: UUID
    sequence: int
    hash: bytes
    sealed_on: date
    root: bytes
    path: tuple[merkle.Sibling, ...]


def content(stream: UUID, sequence: int, head: bytes) -> bytes:
    """What a leaf of a seal's tree says, in bytes."""
    return stream.bytes + sequence.to_bytes(4, "big") + head


def seal_hash(seal: DaySeal) -> bytes:
    """SM3 over every column of a seal."""
    numbers = (seal.sealed_on.toordinal(), microseconds(seal.at), seal.count, seal.moved_count)
    fixed = b"".join(number.to_bytes(8, "big", signed=True) for number in numbers)
    return sm3(b"\x02" + fixed + bytes(seal.root) + bytes(seal.moved_root) + bytes(seal.previous_hash))


def leaves(cursor: Any, name: str, sealed_on: date) -> Iterator[bytes]:
    """Leaf contents of one seal: statement `sealed_heads` (all streams) or `moved_heads` (those that moved)."""
    for row in copied(cursor, statement(name), (sealed_on,)):
        yield row[6:]


def write_seal(cursor: Any, sealed_on: date) -> DaySeal:
    """Seal every head as it is committed now, under the name of `sealed_on`. Inside the caller's transaction."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_SEALER])
    last = DaySeal.objects.order_by("-sealed_on").first()
    if last and last.sealed_on >= sealed_on:
        raise NotSealable(facts={"last_sealed_on": last.sealed_on.isoformat()})
    moving = statement("record_moved_heads").replace("{heads}", heads_sql().replace("%", "%%"))
    cursor.execute(moving, {"sealed_on": sealed_on})
    every = merkle.build(leaves(cursor, "sealed_heads", sealed_on))
    moved = merkle.build(leaves(cursor, "moved_heads", sealed_on))
    seal = DaySeal(
        sealed_on=sealed_on,
        at=clock.now(),
        count=every.count,
        root=every.root,
        moved_count=moved.count,
        moved_root=moved.root,
        previous_hash=last.hash if last else GENESIS,
    )
    seal.hash = seal_hash(seal)
    seal.save(force_insert=True)
    return seal


def prove(cursor: Any, stream: UUID, sealed_on: date) -> Proof:
    """The path from a stream's head to the root of a day's seal. Raises NotSealed."""
    seal = DaySeal.objects.filter(sealed_on=sealed_on).first()
    head = SealedHead.objects.filter(stream=stream, sealed_on__lte=sealed_on).order_by("-sealed_on").first()
    if seal is None or head is None:
        raise NotSealed()
    wanted = content(stream, head.sequence, bytes(head.hash))
    tree = merkle.build(leaves(cursor, "sealed_heads", sealed_on), wanted)
    return Proof(stream, head.sequence, bytes(head.hash), sealed_on, tree.root, tree.path or ())


def check_proof(proof: Proof, root: bytes) -> bool:
    """Whether the proof leads to `root`, which the checker holds from elsewhere (a published seal)."""
    return merkle.root_from(content(proof.stream, proof.sequence, proof.hash), proof.path) == root
