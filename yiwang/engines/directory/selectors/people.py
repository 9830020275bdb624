"""Names of people and organisations for screens, and who holds a role where: whom a task can be handed to."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from yiwang.engines.directory.models import Organisation, Posting
from yiwang.engines.directory.revisions import Cached
from yiwang.kernel.clock import CHINA, now


class Holder(NamedTuple):
    """A person in a post: user id, name, and the organisation of the post."""

    id: int
    name: str
    organisation_id: int
    organisation: str


def person_names(ids: Collection[int]) -> dict[int, str]:
    """Names of these users; ids of nobody are left out."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM directory_user WHERE id = ANY(%s)", [list(ids)])
        return dict(cursor.fetchall())


def _load() -> dict[int, str]:
    return dict(Organisation.objects.values_list("pk", "name"))


_organisations: Cached[dict[int, str]] = Cached("organisations", _load)


def organisation_name(number: int) -> str:
    """The name of an organisation; '' when it is not known."""
    return _organisations.get().get(number, "")


def holders_of(role: str, division: str, organisation: int | None = None) -> list[Holder]:
    """Who holds a role for a division today, by organisation and name; with `organisation` only those at that one."""
    today = now().astimezone(CHINA).date()
    rows = Posting.objects.filter(
        Q(to_on=None) | Q(to_on__gt=today), from_on__lte=today, user__is_active=True, post__is_active=True,
        post__role=role, post__division_id__in=[division[:length] for length in (6, 9, 12, 16)],
    )  # fmt: skip
    if organisation is not None:
        rows = rows.filter(post__organisation_id=organisation)
    found = rows.values_list("user_id", "user__name", "post__organisation_id", "post__organisation__name")
    people = {(user, place): Holder(user, name, place, title) for user, name, place, title in found}
    return sorted(people.values(), key=lambda one: (one.organisation_id, one.name, one.id))
