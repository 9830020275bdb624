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
from yiwang.engines.directory.calendar_seed import seed_calendar
from yiwang.engines.directory.calendars import working_calendar
from yiwang.engines.directory.events import CalendarChanged, DirectoryChanged, DivisionsChanged, PartyRevealed
from yiwang.engines.directory.lookups import district_code, organisation_for, user_id
from yiwang.engines.directory.revisions import Cached, bump, forget_cached
from yiwang.engines.directory.roles import add_role_source, all_roles, role_named
from yiwang.engines.directory.spec import Limit, Role
from yiwang.engines.directory.working_time import Deadline, Interval, WorkingCalendar

__all__ = [
    "ANONYMOUS",
    "SYSTEM",
    "Actor",
    "Cached",
    "CalendarChanged",
    "Deadline",
    "DirectoryChanged",
    "DivisionsChanged",
    "Grant",
    "Interval",
    "Limit",
    "PartyRevealed",
    "Reach",
    "Role",
    "WorkingCalendar",
    "actor_for",
    "add_role_source",
    "all_roles",
    "bump",
    "district_code",
    "forget_cached",
    "minimal_prefixes",
    "organisation_for",
    "role_named",
    "seed_calendar",
    "system_actor",
    "user_id",
    "working_calendar",
]
