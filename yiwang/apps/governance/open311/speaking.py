"""The standard's two tongues: one payload as XML or as JSON, lists wrapped as the standard wraps them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.http import HttpResponse
from lxml import etree

MEDIA = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
ITEMS = {
    "services": "service", "attributes": "attribute", "values": "value", "service_requests": "request",
    "service_request_updates": "request_update", "errors": "error", "endpoints": "endpoint", "formats": "format",
}  # fmt: skip
"""What the entries of a list are called in XML; JSON has no names for them."""
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs no XML document may hold."""
Payload = Mapping[str, Any] | Sequence[Any]


def spoken(root: str, payload: Payload, format: str, status: int = 200) -> HttpResponse:
    """An answer. `payload` is a list, or a mapping for a document of one thing; JSON leaves the root out."""
    content = orjson.dumps(payload) if format == "json" else _xml(root, payload)
    answer = HttpResponse(content, status=status, content_type=MEDIA[format if format in MEDIA else "xml"])
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _xml(root: str, payload: Payload) -> bytes:
    document: bytes = etree.tostring(_element(root, payload), xml_declaration=True, encoding="utf-8")
    return document


def _element(tag: str, value: Any) -> etree._Element:
    made = etree.Element(tag)
    if isinstance(value, Mapping):
        made.extend([_element(name, inside) for name, inside in value.items()])
    elif isinstance(value, (list, tuple)):
        made.extend([_element(ITEMS[tag], inside) for inside in value])
    elif isinstance(value, bool):
        made.text = "true" if value else "false"
    elif value is not None:
        made.text = _FORBIDDEN.sub("", str(value))
    return made
