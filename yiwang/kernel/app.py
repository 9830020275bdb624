"""What a system is (`App`), the parts engines give words for (`Part`), and how folders become a platform.

A folder `yiwang/apps/<net>/<key>/` with an `app.py` that binds `APP` is a system; nothing else registers it.
Inside an app parts refer to each other by object; across apps by the text `"<app>.<part>"`, checked at start.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from yiwang.kernel.errors import SpecError, did_you_mean

NETS: Mapping[str, str] = MappingProxyType(
    {
        "brain": "城市大脑",
        "services": "一网通办",
        "governance": "一网统管",
        "office": "一网协同",
        "industry": "一网兴业",
    }
)
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
_ROW = re.compile(r"R([1-9]\d?|10\d|11[0-8])\Z")


def check_key(where: str, key: str) -> None:
    """Keys are lower-case words joined by underscores; anything else is a SpecError at `where`."""
    if not _KEY.match(key):
        raise SpecError(where, f"key '{key}' is not lower-case words joined by '_'.", "Write it like 'city_incident'.")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One declared thing of an app; each engine derives its own words from this."""

    key: str
    title: str

    def __post_init__(self) -> None:
        check_key(f"{type(self).__name__} '{self.title}'", self.key)
        if not self.title.strip():
            where = f"{type(self).__name__} '{self.key}'"
            raise SpecError(where, "has no title.", "Give it its official Chinese name.")


AnyPart = TypeVar("AnyPart", bound=Part)


@dataclass(frozen=True, kw_only=True)
class App:
    """A system of the district: key and net (its folder), title, the rows and figures it answers for, its parts."""

    key: str
    title: str
    net: str
    rows: tuple[str, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        where = f"App '{self.key}'"
        check_key(where, self.key)
        if self.net not in NETS:
            raise SpecError(where, f"net '{self.net}' does not exist.", did_you_mean(self.net, NETS))
        for row in self.rows:
            if not _ROW.match(row):
                raise SpecError(where, f"row '{row}' is not one of R1 to R118.", "Name rows like 'R37'.")
        seen: set[tuple[type, str]] = set()
        for part in self.parts:
            if (type(part), part.key) in seen:
                raise SpecError(where, f"{type(part).__name__} '{part.key}' is declared twice.", "Rename one of them.")
            seen.add((type(part), part.key))

    def of(self, kind: type[AnyPart]) -> tuple[AnyPart, ...]:
        """This app's parts of one kind, in declared order."""
        return tuple(part for part in self.parts if isinstance(part, kind))


class Registry:
    """All apps of this process, found once from the folders (or given, in tests)."""

    def __init__(self, apps: tuple[App, ...] | None = None) -> None:
        self._given = apps

    @cached_property
    def apps(self) -> Mapping[str, App]:
        found: dict[str, App] = {}
        for app in self._given if self._given is not None else tuple(_apps_in_folders()):
            if app.key in found:
                raise SpecError(f"App '{app.key}'", "stands in two folders.", "Rename one of them.")
            found[app.key] = app
        return MappingProxyType(found)

    def parts(self, kind: type[AnyPart]) -> Mapping[str, AnyPart]:
        """Every part of a kind by its qualified key `"<app>.<part>"`."""
        return {f"{app.key}.{part.key}": part for app in self.apps.values() for part in app.of(kind)}

    def find(self, kind: type[AnyPart], name: str) -> AnyPart:
        """The part a qualified key names; SpecError with the nearest name otherwise."""
        parts = self.parts(kind)
        if name not in parts:
            raise SpecError(f"{kind.__name__} '{name}'", "is declared by no app.", did_you_mean(name, parts))
        return parts[name]


def _apps_in_folders() -> Iterator[App]:
    for folder in app_folders():
        module: Any = importlib.import_module(f"{folder}.app")
        app = getattr(module, "APP", None)
        if not isinstance(app, App):
            raise SpecError(f"{folder}.app", "binds no APP.", "End the file with APP = App(...).")
        net, key = folder.split(".")[-2:]
        if (app.net, app.key) != (net, key):
            agree = f"Folder and APP must agree: {net}/{key}."
            raise SpecError(f"{folder}.app", f"says it is {app.net}/{app.key}.", agree)
        yield app


def app_folders() -> tuple[str, ...]:
    """Dotted names of all app packages, sorted by net and key."""
    root = importlib.import_module("yiwang.apps")

    folders = []
    for net in pkgutil.iter_modules(root.__path__, f"{root.__name__}."):
        package = importlib.import_module(net.name)
        folders += [item.name for item in pkgutil.iter_modules(package.__path__, f"{net.name}.") if item.ispkg]
    return tuple(sorted(folders))


def app_modules(name: str) -> Iterator[tuple[str, str, Any]]:
    """(net, key, module) of each app folder that has a module of this name, such as `urls`, `duties` or `seed`."""
    for folder in app_folders():
        found = f"{folder}.{name}"
        parent = found.rpartition(".")[0]
        if importlib.util.find_spec(parent) is not None and importlib.util.find_spec(found) is not None:
            net, key = folder.split(".")[-2:]
            yield net, key, importlib.import_module(found)


registry = Registry()
"""The platform's own registry. Tests build another with `Registry((APP, ...))`."""
