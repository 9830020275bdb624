"""What the worker does for the patrol: old keys of reports go, misses are looked for, months of cells are counted."""

from __future__ import annotations

from yiwang.apps.governance.patrol.check_in import OLDEST
from yiwang.apps.governance.patrol.models import Upload
from yiwang.apps.governance.patrol.services.cell_months import count_months
from yiwang.apps.governance.patrol.services.misses import compare_all
from yiwang.kernel.clock import now

KEPT = 2 * OLDEST
"""A report older than `OLDEST` is refused; twice that leaves room for every clock."""


def forget_uploads() -> int:
    """Remove keys nobody can send again; visits and incidents stay. How many went."""
    removed, _ = Upload.objects.filter(at__lt=now() - KEPT).delete()
    return removed


DUTIES = (
    ("巡查上传凭据", forget_uploads, 3600.0), ("漏报比对", compare_all, 600.0), ("网格月度覆盖", count_months, 3600.0),
)  # fmt: skip
