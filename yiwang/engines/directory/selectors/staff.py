"""Reading staff: who holds which post. An administrator sees accounts with a post in its divisions, and those posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from yiwang.engines.directory.actors import Actor
from yiwang.engines.directory.administration import EDIT_STAFF
from yiwang.engines.directory.dates import running, today
from yiwang.engines.directory.guards import require
from yiwang.engines.directory.models import Posting, User
from yiwang.engines.directory.selectors.scope import PAGE, Page, within
from yiwang.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Member:
    """An account with the postings the reader may see, newest first. `is_ours`: the reader may change the account."""

    user: User
    postings: tuple[Posting, ...]
    is_ours: bool

    @property
    def current(self) -> tuple[Posting, ...]:
        """Postings that run today or will begin."""
        on = today()
        return tuple(posting for posting in self.postings if posting.to_on is None or posting.to_on > on)


def staff(
    actor: Actor,
    *,
    search: str = "",
    division: str = "",
    organisation: int | None = None,
    inactive: bool = False,
    after: str = "",
    size: int = PAGE,
) -> Page[Member]:
    """Members in order of account number; `search` is part of a name or of a user name. Two SQL statements."""
    require(actor, EDIT_STAFF)
    held = Posting.objects.filter(within("post__division__code", actor.scopes(EDIT_STAFF)), user=OuterRef("pk"))
    if division:
        held = held.filter(post__division__code__startswith=division)
    if organisation is not None:
        held = held.filter(running(today()), post__organisation=organisation)
    rows = User.objects.filter(Exists(held), is_active=not inactive).order_by("pk")
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(username__icontains=search))
    if after.isdecimal():
        rows = rows.filter(pk__gt=int(after))
    found = list(rows[: size + 1])
    return Page(_members(actor, found[:size]), str(found[size - 1].pk) if len(found) > size else "")


def member(actor: Actor, number: int) -> Member:
    """One member; NotFound also for one without a post in the actor's divisions."""
    found = _members(actor, User.objects.filter(pk=number))
    if not found or not found[0].postings:
        raise NotFound("没有找到这个人员，或您无权查看。")
    return found[0]


def holder_of(actor: Actor, posting: int) -> tuple[Member, str]:
    """Who holds a posting, and its role; NotFound for one outside the actor's divisions."""
    found = Posting.objects.select_related("post").filter(pk=posting).first()
    if found is None or not actor.may(EDIT_STAFF, found.post.division_id):
        raise NotFound("没有找到这项任职，或您无权查看。")
    return member(actor, found.user_id), found.post.role


def _members(actor: Actor, users: Iterable[User]) -> list[Member]:
    users = list(users)
    held: dict[int, list[Posting]] = defaultdict(list)
    rows = Posting.objects.filter(user__in=users).select_related("post__organisation", "on_behalf_of")
    for posting in rows.order_by("-from_on", "-id"):
        held[posting.user_id].append(posting)
    return [_member(actor, user, held[user.pk]) for user in users]


def _member(actor: Actor, user: User, postings: list[Posting]) -> Member:
    """An account with a post elsewhere is not ours alone: whoever resets its password would get the other post too."""
    seen = [posting for posting in postings if actor.may(EDIT_STAFF, posting.post.division_id)]
    on = today()
    running_now = [posting for posting in postings if posting.to_on is None or posting.to_on > on]
    judged = running_now or postings
    is_ours = bool(judged) and all(posting in seen for posting in judged) and not user.is_staff
    return Member(user, tuple(seen), is_ours)


def people(actor: Actor) -> list[tuple[int, str]]:
    """(id, name and user name) of the active accounts in the actor's divisions, to choose a deputy from."""
    held = Posting.objects.filter(
        within("post__division__code", actor.scopes(EDIT_STAFF)), running(today()), user=OuterRef("pk")
    )
    rows = User.objects.filter(Exists(held), is_active=True).order_by("name", "pk")
    return [(number, f"{name}（{username}）") for number, name, username in rows.values_list("pk", "name", "username")]
