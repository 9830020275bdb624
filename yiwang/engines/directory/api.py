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
from yiwang.engines.directory.administration import (
    EDIT_CALENDARS,
    EDIT_DEFINITIONS,
    EDIT_DIVISIONS,
    EDIT_ORGANISATIONS,
    EDIT_PARTIES,
    EDIT_STAFF,
    READ_PARTIES,
    RETRY_EFFECTS,
    REVEAL_PARTIES,
)
from yiwang.engines.directory.boundaries import Examination
from yiwang.engines.directory.calendars import working_calendar
from yiwang.engines.directory.dates import today
from yiwang.engines.directory.events import CalendarChanged, DirectoryChanged, DivisionsChanged, PartyRevealed
from yiwang.engines.directory.locating import locate
from yiwang.engines.directory.lookups import district_code, organisation_for, user_id
from yiwang.engines.directory.middleware import actor_of
from yiwang.engines.directory.models import User
from yiwang.engines.directory.numbers import masked, masked_phone
from yiwang.engines.directory.revisions import Cached, bump, forget_cached
from yiwang.engines.directory.roles import add_role_source, all_roles, role_named
from yiwang.engines.directory.seed import demo_people
from yiwang.engines.directory.selectors.calendars import KINDS, Day, Year, calendar_year, explain, published_years
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
from yiwang.engines.directory.selectors.organisations import offices, organisation, organisations
from yiwang.engines.directory.selectors.parties import find_parties, party
from yiwang.engines.directory.selectors.people import Holder, holders_of, organisation_name, person_names
from yiwang.engines.directory.selectors.records import DivisionRecord, division_parts, division_record, find_divisions
from yiwang.engines.directory.selectors.staff import Member, holder_of, member, people, staff
from yiwang.engines.directory.services.boundaries import import_boundaries, try_boundaries
from yiwang.engines.directory.services.calendars import clear_day, import_notice, set_day, set_office_hours
from yiwang.engines.directory.services.divisions import add_division, rename_division, retire_division
from yiwang.engines.directory.services.organisations import (
    create_organisation,
    rename_organisation,
    set_organisation_active,
)
from yiwang.engines.directory.services.parties import keep_party, record_party, reveal
from yiwang.engines.directory.services.posts import appoint, deputise, end_posting
from yiwang.engines.directory.services.staff import create_account, rename_account, reset_password, set_account_active
from yiwang.engines.directory.spec import Limit, Role
from yiwang.engines.geography.api import display_code, level_of, significant
from yiwang.engines.working_time.api import (
    Deadline,
    Interval,
    WorkingCalendar,
    explained,
    read_limit,
    read_start,
    seed_calendar,
)

__all__ = [
    "ANONYMOUS", "EDIT_CALENDARS", "EDIT_DEFINITIONS", "EDIT_DIVISIONS", "EDIT_ORGANISATIONS", "EDIT_PARTIES",
    "EDIT_STAFF", "KINDS", "READ_PARTIES", "RETRY_EFFECTS", "REVEAL_PARTIES", "SYSTEM", "Actor",
    "Cached", "CalendarChanged", "Day", "Deadline",
    "DirectoryChanged", "DivisionRecord", "DivisionsChanged", "Examination", "Grant", "Holder", "Interval", "Limit",
    "Member", "PartyRevealed", "Reach", "Role", "User", "WorkingCalendar", "Year", "actor_for",
    "actor_of", "add_division",
    "add_role_source", "all_roles", "appoint", "bump", "calendar_year", "children", "clear_day", "create_account",
    "create_organisation", "demo_people", "deputise", "display_code", "district_code", "division", "division_layers",
    "division_names", "division_parts", "division_record", "divisions_geojson", "end_posting", "explain", "explained",
    "find_divisions", "find_parties", "forget_cached", "holder_of", "holders_of", "import_boundaries", "import_notice",
    "keep_party", "known_code", "level_of", "locate", "masked", "masked_phone", "member", "minimal_prefixes",
    "name_of", "offices",
    "organisation", "organisation_for", "organisation_name", "organisations", "party", "path", "path_of", "people",
    "person_names", "published_years", "read_limit", "read_start", "record_party", "rename_account",
    "rename_division", "rename_organisation", "reset_password", "retire_division", "reveal", "role_named",
    "seed_calendar", "set_account_active", "set_day", "set_office_hours", "set_organisation_active", "significant",
    "staff", "system_actor", "today", "try_boundaries", "user_id", "vault", "working_calendar",
]  # fmt: skip
