"""The right to keep the directory itself: two built-in roles. Who may do what is a proposal of ours."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from yiwang.engines.directory.spec import Role

EDIT_ORGANISATIONS, EDIT_STAFF, EDIT_DIVISIONS = "organisation.edit", "staff.edit", "division.edit"
EDIT_CALENDARS = "calendar.edit"
READ_PARTIES, EDIT_PARTIES, REVEAL_PARTIES = "party.read", "party.edit", "party.reveal"

EDIT_DEFINITIONS, RETRY_EFFECTS = "definition.edit", "outbox.retry"
"""Asked for by the case engine, which stands above; named here because the administrator's post is built in."""
_TOWN = (EDIT_ORGANISATIONS, EDIT_STAFF, READ_PARTIES, EDIT_PARTIES, REVEAL_PARTIES)
_ROLES: Mapping[str, Role] = MappingProxyType(
    {
        "directory.administrator": Role(
            key="administrator",
            title="区管理员",
            scope="district",
            may=(*_TOWN, EDIT_DIVISIONS, EDIT_CALENDARS, EDIT_DEFINITIONS, RETRY_EFFECTS),
        ),
        "directory.town_administrator": Role(key="town_administrator", title="镇街管理员", scope="town", may=_TOWN),
    }
)


def built_in_roles() -> Mapping[str, Role]:
    """The roles no app declares, by qualified key."""
    return _ROLES
