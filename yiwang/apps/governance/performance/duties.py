"""What the worker does for every dataset of the platform: follow the changes, and check once an hour."""

from __future__ import annotations

from yiwang.engines.datahub.api import check_all, refresh

_HOUR = 3600.0


def checked() -> int:
    """Check, and say that nothing is left to do: otherwise the worker would come again at once."""
    check_all()
    return 0


DUTIES = (("facts", refresh, 1.0), ("checks of facts", checked, _HOUR))
