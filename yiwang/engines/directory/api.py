"""The directory's door: who acts, where, for which organisation, until when."""

from __future__ import annotations

from yiwang.engines.directory import vault
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
from yiwang.engines.directory.locating import locate
from yiwang.engines.directory.lookups import district_code, organisation_for, user_id
from yiwang.engines.directory.models import User
from yiwang.engines.directory.revisions import Cached, bump, forget_cached
from yiwang.engines.directory.roles import add_role_source, all_roles, role_named
from yiwang.engines.directory.seed import demo_people
from yiwang.engines.directory.selectors.divisions import (
    children,
    division,
    division_layers,
    division_names,
    divisions_geojson,
    known_code,
    name_of,
    path,
    path_of,
)
from yiwang.engines.directory.selectors.people import Holder, holders_of, organisation_name, person_names
from yiwang.engines.directory.spec import Limit, Role
from yiwang.engines.directory.working_time import Deadline, Interval, WorkingCalendar
from yiwang.engines.geography.api import display_code, level_of, significant

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
    "Holder",
    "Interval",
    "Limit",
    "PartyRevealed",
    "Reach",
    "Role",
    "User",
    "WorkingCalendar",
    "actor_for",
    "add_role_source",
    "all_roles",
    "bump",
    "children",
    "demo_people",
    "display_code",
    "district_code",
    "division",
    "division_layers",
    "division_names",
    "divisions_geojson",
    "forget_cached",
    "holders_of",
    "known_code",
    "level_of",
    "locate",
    "minimal_prefixes",
    "name_of",
    "organisation_for",
    "organisation_name",
    "path",
    "path_of",
    "person_names",
    "role_named",
    "seed_calendar",
    "significant",
    "system_actor",
    "user_id",
    "vault",
    "working_calendar",
]
