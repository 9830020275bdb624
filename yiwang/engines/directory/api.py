"""The directory's door: who acts, where, for which organisation, until when."""

from __future__ import annotations

from yiwang.engines.directory.actors import (
    ANONYMOUS,
    SYSTEM,
    Actor,
    Grant,
    Reach,
    actor_for,
    minimal_prefixes,
    system_actor,
)
from yiwang.engines.directory.roles import add_role_source, all_roles, role_named
from yiwang.engines.directory.spec import Limit, Role

__all__ = [
    "ANONYMOUS",
    "SYSTEM",
    "Actor",
    "Grant",
    "Limit",
    "Reach",
    "Role",
    "actor_for",
    "add_role_source",
    "all_roles",
    "minimal_prefixes",
    "role_named",
    "system_actor",
]
