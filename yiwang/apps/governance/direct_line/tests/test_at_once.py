"""An exchange that tells of one call twice at once: threads and committed transactions, as in the running platform."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from tests.small_district import DISTRICT, build
from yiwang.apps.governance.direct_line.models import Call
from yiwang.apps.governance.direct_line.services import calls
from yiwang.engines.directory.api import User, actor_for
from yiwang.kernel.clock import now


def test_a_call_told_twice_at_once_is_one_call(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    build()
    actor, told = actor_for(User.objects.get(username=f"{DISTRICT}-operator")), calls.Told("x-1", "13800138001", now())
    together, keep = Barrier(2), calls.keep_call

    def kept(**given: Any) -> Call:
        with suppress(BrokenBarrierError):
            together.wait(timeout=5)
        return keep(**given)

    def tell(_: int) -> UUID:
        try:
            return calls.log_call(actor, told).pk
        finally:
            connection.close()

    monkeypatch.setattr(calls, "keep_call", kept)
    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(tell, range(2)))) == 1
    assert Call.objects.count() == 1
