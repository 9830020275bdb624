"""Two real workers in processes of their own on the cases of one database: nothing twice, nothing left out."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from benchmarks.workers_drill import harm, open_cases, run_workers
from yiwang.engines.cases.services.versions import register_apps
from yiwang.engines.directory.api import forget_cached

CASES, WORKERS = 400, 2


def _address() -> str:
    """The database of this test, for another process."""
    chosen = connection.settings_dict
    person = f"{quote(chosen['USER'])}:{quote(chosen['PASSWORD'])}"
    return f"postgres://{person}@{chosen['HOST']}:{chosen['PORT']}/{chosen['NAME']}"


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_clocks_of_many_cases(tmp_path: Path) -> None:
    forget_cached()
    register_apps()
    open_cases(CASES)
    log = tmp_path / "workers.log"
    codes = run_workers(WORKERS, dict(os.environ) | {"DATABASE_URL": _address()}, log)
    assert codes == [0] * WORKERS, log.read_text(encoding="utf-8")[-2_000:]
    assert list(harm(CASES)) == []
