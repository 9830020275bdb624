"""Whether the seals still say what they said: their own chain, their trees, and history under them."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from yiwang.engines.trust import merkle
from yiwang.engines.trust.chain import GENESIS
from yiwang.engines.trust.models import DaySeal, JournalEntry, SealedHead
from yiwang.engines.trust.sealing import leaves, seal_hash
from yiwang.engines.trust.services import RETENTION, SEALS, stream_named
from yiwang.engines.trust.sql import statement


class SealFault(Exception):  # ends a check; not an error of the program
    """A seal does not hold; `stream` and `sequence` when one stream is to blame."""

    def __init__(self, sentence: str, stream: UUID | None = None, sequence: int = 0) -> None:
        super().__init__(sentence)
        self.sentence, self.stream, self.sequence = sentence, stream, sequence


def check_seals(cursor: Any) -> int:
    """Check every seal in order of date; returns how many there are. Raises SealFault at the first that does not hold.

    The trees of heads that moved are rebuilt for every day, the tree over all heads for the last: an earlier root over
    all heads follows from these and stands in its seal's hash.
    """
    before, seal, count = GENESIS, None, 0
    for seal in DaySeal.objects.order_by("sealed_on").iterator():
        count += 1
        if bytes(seal.hash) != seal_hash(seal):
            raise SealFault(f"{seal.sealed_on} 的封存被改动")
        if bytes(seal.previous_hash) != before:
            raise SealFault(f"{seal.sealed_on} 的封存没有接在前一次封存之后")
        before = bytes(seal.hash)
        _check_tree(cursor, seal, "moved_heads", (seal.moved_count, bytes(seal.moved_root)))
    if seal is not None:
        _check_tree(cursor, seal, "sealed_heads", (seal.count, bytes(seal.root)))
    _check_list(count)
    _check_history(cursor)
    return count


def _check_tree(cursor: Any, seal: DaySeal, name: str, wanted: tuple[int, bytes]) -> None:
    tree = merkle.build(leaves(cursor, name, seal.sealed_on))
    if (tree.count, tree.root) != wanted:
        raise SealFault(f"{seal.sealed_on} 封存所留的头不是当时封存的头")


def _check_list(count: int) -> None:
    """Every seal was journalled: one cut off the end, with its heads, is missed here."""
    journalled = JournalEntry.objects.filter(stream=stream_named(SEALS), kind="day.sealed").order_by("sequence")
    for row in journalled.iterator():
        facts = json.loads(row.payload)
        held = DaySeal.objects.filter(sealed_on=facts["sealed_on"]).first()
        if held is None:
            raise SealFault(f"缺少 {facts['sealed_on']} 的封存", row.stream, row.sequence)
        if bytes(held.hash).hex() != facts["hash"]:
            raise SealFault(f"{held.sealed_on} 的封存被替换", row.stream, row.sequence)
    if journalled.count() != count:
        raise SealFault("有一次封存从未记入账本")
    if SealedHead.objects.exclude(sealed_on__in=DaySeal.objects.values("sealed_on")).exists():
        raise SealFault("有封存的头，却没有对应的封存")


def _check_history(cursor: Any) -> None:
    cursor.execute(statement("unmatched_sealed_heads"), [stream_named(RETENTION)])
    found = cursor.fetchone()
    if found:
        stream, sequence, is_missing = found
        what = "缺少这一条" if is_missing else "这一条与当日封存的不同"
        raise SealFault(what, stream, sequence)
