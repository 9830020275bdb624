"""The house printed as text: every declaration of every app, one line each, so that a review reads one diff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

from yiwang.kernel.app import registry

_LEAD = "# Written by make docs from what the apps declare. Its diff is all that changed in what the house does.\n"
_TREES = frozenset({"parts", "nodes", "fields", "sections", "form", "table"})
"""Names under which a thing holds others; under every other name stands a reference or a plain value."""
_SAID = frozenset({"key", "title", "by_key"})


def printed() -> str:
    """All apps in the order of their folders."""
    apps = sorted(registry.apps.values(), key=lambda one: (one.net, one.key))
    return _LEAD + "".join("\n" + "".join(_thing(app, 0)) for app in apps)


def _thing(value: Any, depth: int) -> Iterator[str]:
    """A declared thing with its plain values on one line, the things inside it below."""
    found = {item.name: getattr(value, item.name) for item in fields(value) if not _is_default(item, value)}
    inner = {name: one for name, one in found.items() if name in _TREES and _holds_things(one)}
    words = [type(value).__name__, getattr(value, "key", ""), getattr(value, "title", "")]
    words += [f"{name}={_short(one)}" for name, one in found.items() if name not in inner and name not in _SAID]
    yield f"{'  ' * depth}{' '.join(word for word in words if word)}\n"
    for one in inner.values():
        for thing in one if isinstance(one, tuple) else (one,):
            yield from _thing(thing, depth + 1)


def _is_default(item: Field[Any], value: Any) -> bool:
    default = item.default_factory() if item.default_factory is not MISSING else item.default
    return default is not MISSING and getattr(value, item.name) == default


def _holds_things(found: Any) -> bool:
    return is_dataclass(found[0] if isinstance(found, tuple) and found else found)


def _short(found: Any) -> str:
    if isinstance(found, Mapping):
        return "{" + ", ".join(f"{key}: {_short(one)}" for key, one in found.items()) + "}"
    if isinstance(found, tuple):
        return "(" + ", ".join(map(_short, found)) + ")"
    if is_dataclass(found):
        key = getattr(found, "key", "")
        return str(key) or " ".join(str(getattr(found, item.name)) for item in fields(found))
    if callable(found):
        return f"{getattr(found, '__name__', 'function')}()"
    return repr(found) if isinstance(found, str) else str(found)
