"""Clocks that rang. Any number of workers may sweep: each claims cases no other holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from yiwang.engines.cases.performing import perform, surroundings
from yiwang.engines.cases.store.loading import Running, claim
from yiwang.engines.cases.store.saving import save
from yiwang.engines.cases.store.tables import open_cursor
from yiwang.engines.processes.api import Command, Surroundings
from yiwang.kernel.clock import now

BATCH = 500
_RUNG = """SELECT DISTINCT ON (rung.case_id) rung.case_id FROM (
    SELECT due.case_id, due.next_at FROM cases_due AS due JOIN cases_case AS held ON held.id = due.case_id
    WHERE due.next_at <= %s AND held.status = 'open' AND get_byte(uuid_send(due.case_id), 15) %% %s = %s
    ORDER BY due.next_at LIMIT %s
) AS rung ORDER BY rung.case_id"""
ENGINE = "系统"


class Share(NamedTuple):
    """One of `shares` equal parts of all cases, told by the last byte of their ids: `number` counts from 0."""

    shares: int = 1
    number: int = 0

    def has(self, case: UUID) -> bool:
        return case.bytes[15] % self.shares == self.number


ALL = Share()


def sweep(at: datetime | None = None, *, batch: int = BATCH, share: Share = ALL) -> int:
    """Fire every clock of one batch that rang by `at`; the number fired. Zero: nothing is due, or others have it.

    `share` keeps to a share of the cases: two replays of one year must not let each other's clocks ring too early.
    """
    at = at or now()
    with transaction.atomic():
        cursor = open_cursor()
        ids = [row[0] for row in cursor.read(_RUNG, [at, share.shares, share.number, batch])]
        cases = claim(cursor, ids, skip_locked=True) if ids else {}
        fired = fire_due(cases.values(), at, surroundings())
        save(cursor, cases.values())
    return fired


def fire_due(cases: Iterable[Running], at: datetime, around: Surroundings) -> int:
    """Fire the clocks of cases in hand that rang by `at`, each at the instant it rang, earliest first."""
    fired = 0
    for case in cases:
        while case.state.status == "open":
            rung = [(c.next_at, c.no) for c in case.state.clocks.values() if c.next_at is not None and c.next_at <= at]
            if not rung:
                break
            instant, number = min(rung)
            perform(case, Command("fire", instant, None, ENGINE, arguments={"clock": number}), around)
            fired += 1
    return fired


def sweep_all(at: datetime | None = None, *, share: Share = ALL) -> int:
    """Sweep until nothing is due."""
    total = 0
    while fired := sweep(at, share=share):
        total += fired
    return total


def carry_out(commands: Iterable[tuple[UUID, Command]], around: Surroundings | None = None) -> list[Running]:
    """Many commands in one transaction, in order: the replay's and bulk actions' way. Rights are the caller's matter.

    A refused command raises and undoes the whole batch.
    """
    commands, around = list(commands), around or surroundings()
    with transaction.atomic():
        cursor = open_cursor()
        cases = claim(cursor, list({case for case, _ in commands}))
        for case_id, command in commands:
            perform(cases[case_id], command, around)
        save(cursor, cases.values())
    return list(cases.values())
