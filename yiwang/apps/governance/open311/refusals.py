"""Refusals in the standard's form: a list of code and description."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yiwang.kernel.errors import InvalidInput, UserError
from yiwang.kernel.wording import joined

ROOT = "errors"
_FAMILY = {422: 400, 413: 400, 415: 400, 401: 403}
"""Statuses the standard has no own word for."""
_NAMES = {
    "place": "lat, long, address_string", "before": "media", "reporter_phone": "phone",
    "reporter_name": "first_name, last_name", "category": "service_code", "class_code": "service_code",
}  # fmt: skip
"""What the standard calls the fields of our form."""


class Refused(UserError):
    """One or more reasons, all of one status."""

    def __init__(self, status: int, *reasons: str) -> None:
        self.status, self.reasons = status, reasons
        super().__init__(reasons[0], next_step="")


def faulty(reasons: Sequence[str]) -> None:
    """Refuse with all reasons at once, if there are any."""
    if reasons:
        raise Refused(400, *reasons)


def reasons_of(error: UserError) -> tuple[int, list[dict[str, Any]]]:
    """The status and the list."""
    status = _FAMILY.get(error.status, error.status)
    if isinstance(error, Refused):
        told = list(error.reasons)
    elif isinstance(error, InvalidInput) and error.errors:
        told = [f"{_name(one.get('path', ''))}: {one.get('message', '')}" for one in error.errors]
    else:
        told = [joined(error.message, error.next_step)]
    return status, [{"code": status, "description": one} for one in told]


def _name(path: str) -> str:
    head = path.split(".")[0]
    return _NAMES.get(head, path)
