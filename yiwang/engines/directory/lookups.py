"""Names turned into ids for processes: the responsible organisation of a place, a user by name."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings

from yiwang.engines.directory.models import Organisation, User
from yiwang.engines.directory.revisions import Cached


class _Organisations(NamedTuple):
    """Ids by own id, by code, and by (kind, division)."""

    by_id: dict[str, int]
    by_code: dict[str, int]
    by_kind: dict[tuple[str, str], int]


def district_code() -> str:
    """Six-digit code of the district this deployment serves."""
    code: str = settings.YIWANG["YIWANG_DISTRICT"]
    return code


def _load_organisations() -> _Organisations:
    found = _Organisations({}, {}, {})
    rows = Organisation.objects.filter(is_active=True).order_by("-id").values_list("id", "code", "kind", "division_id")
    for number, code, kind, division in rows:
        found.by_id[str(number)] = number
        if code:
            found.by_code[code] = number
        if kind:
            found.by_kind[kind, division] = number
    return found


_organisations: Cached[_Organisations] = Cached("organisations", _load_organisations)


def organisation_for(division: str, name: str) -> int | None:
    """The organisation `name` means for a division: an id, a credit code, or a kind such as `water`.

    A kind is looked for in the division itself, then in those around it: the town's own before the district's.
    `kind@code` means the one of that division and no other.
    """
    known = _organisations.get()
    if "@" in name:
        kind, _, code = name.partition("@")
        return known.by_kind.get((kind, code))
    if name in known.by_id:
        return known.by_id[name]
    if name in known.by_code:
        return known.by_code[name]
    prefixes = (division[:length] for length in (16, 12, 9, 6) if len(division) >= length)
    return next((known.by_kind[name, prefix] for prefix in prefixes if (name, prefix) in known.by_kind), None)


def user_id(username: str) -> int | None:
    """Id of the active user of this name; None when there is none."""
    return User.objects.filter(username=username, is_active=True).values_list("pk", flat=True).first()
