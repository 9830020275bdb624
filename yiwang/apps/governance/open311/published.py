"""Published lists of services and definitions, as cities really publish them: XML with or without namespaces, JSON bare
or wrapped, in several encodings. Nothing is guessed in silence: what is not read, or read with a doubt, is listed.

Outside documents are never trusted: no document type, no entities, no network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.utils.translation import gettext
from lxml import etree

MOST_BYTES = 5_000_000
MOST_DEEP = 12
UNREAD, CHECK = "unread", "check"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_FALLBACKS = ("utf-8", "gb18030", "latin-1")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was not read (`unread`) or should be looked at (`check`): where, what stood there, why, what now."""

    weight: str
    place: str
    text: str
    reason: str

    def as_json(self) -> dict[str, str]:
        return {"weight": self.weight, "place": self.place, "text": self.text[:200], "reason": self.reason}


@dataclass(slots=True)
class Published:
    """Raw services and definitions with the place they stood at, and what was found on the way."""

    services: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    definitions: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_published(files: Sequence[tuple[str, bytes]]) -> Published:
    """All files together: a list of services in one, its definitions in others, or everything in one."""
    found = Published()
    for name, content in files:
        if len(content) > MOST_BYTES:
            found.findings.append(Finding(UNREAD, name, "", gettext("文件超过 5 MB。")))
            continue
        try:
            document = _xml(content) if _is_xml(content) else _json(content, name, found)
        except (ValueError, etree.XMLSyntaxError) as error:
            found.findings.append(Finding(UNREAD, name, str(error), gettext("不是完整的 XML 或 JSON。")))
            continue
        before = len(found.services) + len(found.definitions)
        _walk(document, name, found, 0)
        if before == len(found.services) + len(found.definitions):
            found.findings.append(Finding(UNREAD, name, "", gettext("里面没有服务清单，也没有服务定义。")))
    return found


def _is_xml(content: bytes) -> bool:
    head = content[:200].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return head.startswith(b"<")


def _json(content: bytes, name: str, found: Published) -> Any:
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "")
    for one in (encoding,) if encoding else _FALLBACKS:
        try:
            text = content.decode(one)
        except UnicodeDecodeError:
            continue
        if one in _FALLBACKS[1:]:
            found.findings.append(Finding(CHECK, name, one, gettext("不是 UTF-8，按所示编码读入，请核对文字。")))
        return orjson.loads(text)
    raise ValueError(encoding)


def _xml(content: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("DOCTYPE")
    return {_tag(root): _plain(root, 0)}


def _tag(element: etree._Element) -> str:
    """The name without its namespace."""
    return etree.QName(element).localname


def _plain(element: etree._Element, deep: int) -> Any:
    """Text, a mapping of different children, or a list of the same ones, as JSON has it."""
    inside = [child for child in element if isinstance(child.tag, str)]
    if deep > MOST_DEEP:
        raise ValueError(gettext("嵌套太深。"))
    if not inside:
        return (element.text or "").strip()
    names = [_tag(child) for child in inside]
    if _tag(element) in ("services", "attributes", "values") or (len(names) > 1 and len(set(names)) == 1):
        return [_plain(child, deep + 1) for child in inside]
    return {name: _plain(child, deep + 1) for name, child in zip(names, inside, strict=True)}


def _walk(value: Any, place: str, found: Published, deep: int) -> None:
    """Services and definitions wherever they stand: publishers wrap them as they like."""
    if deep > MOST_DEEP:
        return
    if isinstance(value, dict) and "attributes" in value and "service_code" in value:
        found.definitions.append((place, value))
    elif isinstance(value, dict) and ("service_code" in value or "service_name" in value):
        found.services.append((place, value))
    else:
        for name, inside in _parts(value):
            _walk(inside, f"{place} › {name}", found, deep + 1)


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from ((str(name)[:60], inside) for name, inside in value.items())
    elif isinstance(value, list):
        yield from ((str(number), inside) for number, inside in enumerate(value, 1))
