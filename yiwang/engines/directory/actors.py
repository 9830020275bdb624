"""Who acts: an `Actor` with its grants. Every selector takes one first; every service checks one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db import connection

from yiwang.engines.directory.roles import role_named
from yiwang.kernel.clock import CHINA, now


@dataclass(frozen=True, slots=True)
class Grant:
    """Verbs of a role over a division prefix; `organisation` narrows them to rows of one organisation.

    `sees` "own" narrows them to rows whose owner is the actor. `on_behalf_of` names the colleague a deputy stands for.
    """

    role: str
    verbs: frozenset[str]
    division: str
    organisation: int | None = None
    sees: str = "division"
    on_behalf_of: str | None = None

    def covers(self, verb: str, division: str, organisation: int | None, role: str | None, is_owner: bool) -> bool:
        """Whether this grant alone allows the verb on such a row."""
        return (
            verb in self.verbs
            and division.startswith(self.division)
            and (role is None or role == self.role)
            and (self.organisation is None or organisation == self.organisation)
            and (self.sees != "own" or is_owner)
        )


@dataclass(frozen=True, slots=True)
class Reach:
    """What a verb reaches: whole `divisions` (minimal prefixes), (division, organisation) pairs, own rows in `own`."""

    divisions: tuple[str, ...]
    organisations: tuple[tuple[str, int], ...]
    own: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does or reads something. Made by `actor_for`; `SYSTEM` and `system_actor` may do all."""

    user_id: int | None
    name: str
    party_id: Any = None
    grants: tuple[Grant, ...] = ()
    on_behalf_of: str | None = None
    is_system: bool = False
    organisation_ids: tuple[int, ...] = ()
    proof: Any = None
    """What somebody without an account has proved to be theirs, such as the id of a case they reported."""

    @property
    def roles(self) -> frozenset[str]:
        """Qualified keys of the roles held."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def is_anonymous(self) -> bool:
        return self.user_id is None and not self.is_system

    def may(
        self,
        verb: str,
        division: str,
        organisation: int | None = None,
        role: str | None = None,
        is_owner: bool = False,
    ) -> bool:
        """Whether some grant allows `verb` on a row of this division and organisation (and, if given, as this role)."""
        if self.is_system:
            return True
        return any(grant.covers(verb, division, organisation, role, is_owner) for grant in self.grants)

    def scopes(self, verb: str) -> tuple[str, ...]:
        """Minimal division prefixes open to `verb` whatever the row's organisation; `('',)` for the system."""
        if self.is_system:
            return ("",)
        return minimal_prefixes(
            grant.division
            for grant in self.grants
            if verb in grant.verbs and grant.organisation is None and grant.sees == "division"
        )

    def reach(self, verb: str) -> Reach:
        """All that `verb` reaches, with the narrower grants beside the division-wide ones."""
        whole = self.scopes(verb)
        narrow = [g for g in self.grants if verb in g.verbs and not g.division.startswith(whole or ("none",))]
        pairs = {(g.division, g.organisation) for g in narrow if g.organisation is not None}
        own = minimal_prefixes(g.division for g in narrow if g.sees == "own")
        return Reach(whole, tuple(sorted(pairs)), own)

    def standing(self, verb: str, division: str, organisation: int | None = None, role: str | None = None) -> Actor:
        """This actor with `on_behalf_of` set when only a deputised grant allows the verb; own posts come first."""
        fitting = [g for g in self.grants if g.covers(verb, division, organisation, role, True)]
        if not fitting or any(grant.on_behalf_of is None for grant in fitting):
            return self
        return replace(self, on_behalf_of=fitting[0].on_behalf_of)

    def acting_for(self, name: str | None) -> Actor:
        """This actor with `on_behalf_of` set to the colleague it stands for."""
        return replace(self, on_behalf_of=name)


def minimal_prefixes(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes without those already inside another, sorted."""
    kept: list[str] = []
    for code in sorted(set(codes)):
        if not kept or not code.startswith(kept[-1]):
            kept.append(code)
    return tuple(kept)


@lru_cache(maxsize=64)
def system_actor(name: str) -> Actor:
    """An actor for the machine's own work, such as the sweep of clocks; `name` is what the journal shows."""
    return Actor(user_id=None, name=name, is_system=True)


SYSTEM = system_actor("系统")
ANONYMOUS = Actor(user_id=None, name="访客")
"""A visitor who is not logged in: no grants, no rows."""

_POSTINGS = """
SELECT post.role, post.division_id, post.organisation_id, other.name
FROM directory_posting AS posting
JOIN directory_post AS post ON post.id = posting.post_id AND post.is_active
LEFT JOIN directory_user AS other ON other.id = posting.on_behalf_of_id
WHERE posting.user_id = %s AND posting.from_on <= %s AND (posting.to_on IS NULL OR posting.to_on > %s)
ORDER BY posting.id
"""


def actor_for(user: Any) -> Actor:
    """The actor of a logged-in user, with the posts held today in Chinese time; one SQL statement.

    Whoever still uses a handed-out password is known but may do nothing until it is changed.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return ANONYMOUS
    if user.must_change_password:
        return Actor(user_id=user.pk, name=user.name, party_id=user.party_id)
    today = now().astimezone(CHINA).date()
    with connection.cursor() as cursor:
        cursor.execute(_POSTINGS, [user.pk, today, today])
        rows = cursor.fetchall()
    return Actor(
        user_id=user.pk,
        name=user.name,
        party_id=user.party_id,
        grants=tuple(grant for row in rows if (grant := _grant(*row)) is not None),
        organisation_ids=tuple(dict.fromkeys(row[2] for row in rows)),
    )


def _grant(role_name: str, division: str, organisation: int, other: str | None) -> Grant | None:
    """A post whose role no app declares any more grants nothing; `checks.py` reports it."""
    role = role_named(role_name)
    if role is None:
        return None
    narrowed = organisation if role.sees == "organisation" else None
    return Grant(role_name, frozenset(role.may), division, narrowed, role.sees, other)
