"""The roles of this process: those the apps declare, and those other sources (apps drawn in the browser) add."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from yiwang.engines.directory.spec import Role
from yiwang.kernel import app as kernel_app

Source = Callable[[], Mapping[str, Role]]
_sources: list[Source] = []


def add_role_source(source: Source) -> None:
    """Let `source()` answer with more roles by qualified key; it is asked for names no app declares."""
    if source not in _sources:
        _sources.append(source)


def all_roles() -> dict[str, Role]:
    """Every known role by its qualified key."""
    found = dict(_declared())
    for source in _sources:
        found |= {key: role for key, role in source().items() if key not in found}
    return found


def role_named(name: str) -> Role | None:
    """The role of a qualified key, or None when nobody declares it."""
    role = _declared().get(name)
    if role is not None:
        return role
    return next((found for source in _sources if (found := source().get(name)) is not None), None)


def _declared() -> Mapping[str, Role]:
    return _roles_of(kernel_app.registry)


@lru_cache(maxsize=4)
def _roles_of(registry: kernel_app.Registry) -> Mapping[str, Role]:
    return registry.parts(Role)
