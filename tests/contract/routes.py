"""Every route of the site, found in Django's resolver, and its address with real objects in the place of parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

_ANGLE = re.compile(r"<(?:\w+:)?(\w+)>")
_GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True)
class Route:
    """`name` is namespace and name (or the pattern of a nameless one), `pattern` the address with `<parameter>`."""

    name: str
    pattern: str

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(_ANGLE.findall(self.pattern))

    def address(self, objects: Mapping[str, Any]) -> str:
        """The address with objects filled in; KeyError names what nobody has said how to try."""
        return "/" + _ANGLE.sub(lambda match: str(self._value(objects, match[1])), self.pattern)

    def _value(self, objects: Mapping[str, Any], name: str) -> Any:
        return objects[own] if (own := f"{self.name}.{name}") in objects else objects[name]


def routes() -> list[Route]:
    """All of them, static files excepted: whitenoise serves those before any view."""
    return sorted(_walk(get_resolver(), "", ""), key=lambda route: route.pattern)


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[Route]:
    for item in resolver.url_patterns:
        pattern = prefix + _plain(item)
        if isinstance(item, URLResolver):
            yield from _walk(item, pattern, f"{space}{item.namespace}:" if item.namespace else space)
        else:
            yield Route(f"{space}{item.name or pattern}", pattern)


def _plain(item: URLPattern | URLResolver) -> str:
    if isinstance(item.pattern, RegexPattern):
        return re.sub(r"[\^$\\]", "", _GROUP.sub(r"<\1>", str(item.pattern)))
    return str(item.pattern)
