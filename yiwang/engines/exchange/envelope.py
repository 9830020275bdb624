"""CloudEvents 1.0 over HTTP, read strictly: what is not as the standard says is refused by name, nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import orjson
from django.utils.translation import gettext

from yiwang.engines.exchange.refusals import NotAnEvent, WrongForm

MOST_BYTES = 65_536
STRUCTURED, PLAIN = "application/cloudevents+json", "application/json"
OPENED, CHANGED, PING = "yiwang.case.opened", "yiwang.case.status_changed", "yiwang.ping"
TYPES = (OPENED, CHANGED, PING)
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)\Z")
_LONGEST = 200
_MOST_SEQUENCE = 2**62


@dataclass(frozen=True, slots=True)
class Event:
    """`subject` is the sender's id of the case; `sequence` orders its events of that case, None when it has none."""

    id: str
    type: str
    source: str
    subject: str
    time: datetime | None
    sequence: int | None
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def word(self) -> str:
        """The status in the sender's words; '' when the event tells none."""
        value = self.data.get("status", "")
        return value if isinstance(value, str) else ""

    @property
    def seen(self) -> int | None:
        """The highest sequence of ours the sender knew of; None when it does not say."""
        value = self.data.get("seen")
        return value if isinstance(value, int) and 0 <= value <= _MOST_SEQUENCE else None


def binary_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The attributes of binary mode as they were sent."""
    return {name.lower(): value for name, value in headers.items() if name.lower().startswith("ce-")}


def read(content_type: str, headers: Mapping[str, str], body: bytes) -> Event:
    """The event in a request; NotAnEvent or WrongForm names what is wrong."""
    media = content_type.partition(";")[0].strip().lower()
    attributes = binary_headers(headers)
    if media == STRUCTURED:
        values = _json(body)
        data = values.pop("data", {})
        if "data_base64" in values:
            raise _fault("data_base64", gettext("请用 data 传 JSON。"))
    elif media == PLAIN and "ce-specversion" in attributes:
        values = {name.removeprefix("ce-"): unquote(value) for name, value in attributes.items()}
        data = _json(body) if body else {}
    else:
        raise WrongForm
    if not isinstance(data, dict):
        raise _fault("data", gettext("应是一个对象。"))
    return _event(values, data)


def _json(body: bytes) -> dict[str, Any]:
    """An object; characters PostgreSQL cannot keep are refused here and not by the database."""
    try:
        values = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _fault("body", gettext("不是 JSON：{error}").format(error=error)) from None
    if not isinstance(values, dict):
        raise _fault("body", gettext("应是一个对象。"))
    if b"\\u0000" in body:
        raise _fault("body", gettext("不能含空字符。"))
    return values


def _event(values: Mapping[str, Any], data: Mapping[str, Any]) -> Event:
    if values.get("specversion") != "1.0":
        raise _fault("specversion", gettext("应为 1.0。"))
    kept_as = _text(values, "datacontenttype", is_needed=False) or PLAIN
    if kept_as.partition(";")[0].strip().lower() != PLAIN:
        raise _fault("datacontenttype", gettext("应为 application/json。"))
    kind = _text(values, "type")
    subject = _text(values, "subject", is_needed=kind in (OPENED, CHANGED))
    parts: tuple[tuple[str, Callable[[Any], Any]], ...] = (("time", _instant), ("sequence", _sequence))
    found = {name: parse(values[name]) if values.get(name) is not None else None for name, parse in parts}
    return Event(_text(values, "id"), kind, _text(values, "source"), subject, data=data, **found)


def _text(values: Mapping[str, Any], name: str, *, is_needed: bool = True) -> str:
    value = values.get(name, "")
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
        raise _fault(name, gettext("应是不超过 200 字的文字。"))
    if is_needed and not value.strip():
        raise _fault(name, gettext("必须填写。"))
    return value.strip()


def _instant(value: Any) -> datetime:
    if not isinstance(value, str) or not _TIME.match(value):
        raise _fault("time", gettext("应是带时区的 RFC 3339 时间，如 2026-05-01T08:00:00+08:00。"))
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _fault("time", gettext("没有这个时间。")) from None


def _sequence(value: Any) -> int:
    """The extension `sequence`: a whole number, as a number or as text."""
    text = value if isinstance(value, str) else str(value) if type(value) is int else ""
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= _MOST_SEQUENCE):
        raise _fault("sequence", gettext("应是不小于 0 的整数。"))
    return int(text)


def _fault(name: str, why: str) -> NotAnEvent:
    message = gettext("事件的 {name} 有误：{why}").format(name=name, why=why)
    return NotAnEvent(message, facts={"attribute": name})
