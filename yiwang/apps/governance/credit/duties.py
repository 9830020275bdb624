"""What the worker does for credit: enter what is new, and keep scores and lists up to date."""

from __future__ import annotations

from yiwang.apps.governance.credit.services import building, counting


def kept() -> int:
    """Enter and count. Says that nothing is left to do: otherwise the worker would come again at once."""
    building.build()
    counting.count(building.BUILDER)
    return 0


DUTIES = (("信用记账", kept, 60.0),)
