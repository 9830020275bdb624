"""Case numbers people can read out: the day, then seven digits that never repeat."""

from __future__ import annotations

from datetime import datetime
from threading import Lock

from django.db import connection

from yiwang.kernel.clock import CHINA

BLOCK = 64
"""Numbers a process takes at once; a restart leaves a gap, never a double. The sequence counts blocks."""
_lock = Lock()
_free: dict[str, list[int]] = {}


def next_number(at: datetime) -> str:
    """`202109280000417`: the opening day in China and a running number of the whole deployment."""
    database = connection.settings_dict["NAME"]
    with _lock:
        free = _free.setdefault(database, [])
        if not free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT nextval('cases_number')")
                block = cursor.fetchone()[0]
            free.extend(range(block * BLOCK + BLOCK - 1, block * BLOCK - 1, -1))
        return f"{at.astimezone(CHINA):%Y%m%d}{free.pop():07d}"
