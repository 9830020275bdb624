"""Moves of the kill drill: the incident app's own tasks, with any data its process accepts."""

from __future__ import annotations

import random
from typing import Any

from django.db import connection, transaction

from yiwang.engines.cases.performing import perform, surroundings
from yiwang.engines.cases.services.acting import new_case
from yiwang.engines.cases.services.sweeping import carry_out
from yiwang.engines.cases.store.loading import Running
from yiwang.engines.cases.store.saving import save
from yiwang.engines.cases.store.tables import open_cursor
from yiwang.engines.processes.api import Command
from yiwang.kernel.clock import now

TYPE = "city_incident.incident"
ANSWERS: dict[str, tuple[dict[str, Any], ...]] = {
    "accept": (
        {"accepted": "yes", "class_code": "E0103"},
        {"accepted": "yes", "class_code": "C0103"},
        {"accepted": "no", "refusal": "不属受理范围"},
    ),
    "dispatch": ({"unit": "water"}, {"unit": "urban"}),
    "handle": ({"measure": "已处理"},),
    "verify": ({"fixed": True}, {"fixed": True}, {"fixed": False, "finding": "未修复"}),
}
_WAITING = """SELECT case_id, no, node FROM cases_token TABLESAMPLE SYSTEM (50) WHERE status = 'open' LIMIT %s"""


def open_some(rng: random.Random, count: int) -> list[Running]:
    """Open cases in one transaction; returned once it is committed."""
    around, cases = surroundings(), []
    with transaction.atomic():
        for _ in range(count):
            case = new_case(TYPE, now())
            data = {"category": rng.choice(("manhole", "road")), "description": "井盖缺失"}
            perform(case, Command("open", case.opened_at, arguments={"data": data}), around)
            cases.append(case)
        save(open_cursor(), cases)
    return cases


def carry_on(rng: random.Random, count: int) -> list[Running]:
    """Complete waiting tasks in one transaction; returned once it is committed."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [count])
        waiting = {case: (no, node) for case, no, node in cursor.fetchall()}
    commands = [
        (case, Command("complete", now(), token=no, arguments={"data": rng.choice(ANSWERS[node])}))
        for case, (no, node) in waiting.items()
    ]
    return carry_out(commands) if commands else []
