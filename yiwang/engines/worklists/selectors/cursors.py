"""Where a page of a list begins: the sort value and key of the row before it, so that new rows shift nothing."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from yiwang.kernel.errors import InvalidInput

_MOST = 200


class Place(NamedTuple):
    """A row's place in a list sorted by `sort` (opened or due); `no` is the task in lists of tasks, else 0."""

    sort: str
    at: datetime
    id: UUID
    no: int


def write_cursor(place: Place) -> str:
    """The place as text for an address."""
    text = f"{place.sort}|{place.at.isoformat()}|{place.id.hex}|{place.no}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str, sort: str) -> Place:
    """The place a cursor names; InvalidInput when it is none, or of a list sorted otherwise."""
    try:
        if len(text) > _MOST:
            raise ValueError
        found, at, id, no = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split("|")
        place = Place(found, datetime.fromisoformat(at), UUID(hex=id), int(no))
        if place.at.tzinfo is None or place.sort != sort or not 0 <= place.no < 2**31:
            raise ValueError
    except ValueError:
        raise _unreadable() from None
    return place


def _unreadable() -> InvalidInput:
    message = "翻页位置无效，可能是地址不完整或排序方式已经改变。"
    errors = [{"path": "cursor", "code": "CURSOR", "message": message}]
    return InvalidInput(errors, message, next_step="请从列表第一页重新开始。")
