"""Writes to posts and who holds them: appoint, end, deputise. A posting is never deleted, it ends."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from yiwang.engines.directory.actors import Actor
from yiwang.engines.directory.administration import EDIT_STAFF
from yiwang.engines.directory.dates import today
from yiwang.engines.directory.events import DirectoryChanged
from yiwang.engines.directory.faults import Faults
from yiwang.engines.directory.guards import require
from yiwang.engines.directory.models import Organisation, Post, Posting, User
from yiwang.engines.directory.roles import role_named
from yiwang.engines.directory.selectors.divisions import known_code
from yiwang.engines.directory.selectors.staff import member
from yiwang.engines.directory.spec import LEVELS
from yiwang.engines.geography.api import level_of
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound
from yiwang.kernel.events import publish


def _tell(actor: Actor, kind: str, posting: Posting, **payload: object) -> None:
    post = posting.post
    facts = {"posting": posting.pk, "role": post.role, "organisation": post.organisation_id, **payload}
    publish(DirectoryChanged(f"posting.{kind}", f"user/{posting.user_id}", actor, post.division_id, facts))


def _refuse_oneself(actor: Actor, user: User) -> None:
    if actor.user_id == user.pk:
        raise NotAllowed("不能为自己任命或代理岗位。", next_step="请由另一位管理员办理。")


@transaction.atomic
def appoint(actor: Actor, number: int, **post: Any) -> Posting:
    """`give_post` for an account the actor may see; NotFound for any other."""
    return give_post(actor, member(actor, number).user, **post)


def give_post(
    actor: Actor, user: User, *, role: str, organisation: int, division: str, from_on: date, to_on: date | None = None
) -> Posting:
    """Let a person hold a role at an organisation over a division, from a day on, to the day before `to_on` if given.

    The division has the level of the role's scope and lies inside the organisation's own: a town's office holds no
    post over the district. Call it inside a transaction.
    """
    where = known_code(division)
    require(actor, EDIT_STAFF, where)
    _refuse_oneself(actor, user)
    faults, known = Faults(), role_named(role)
    office = Organisation.objects.filter(pk=organisation, is_active=True).first()
    if known is None:
        faults.add("role", "NO_SUCH_ROLE", "没有这个岗位角色，请从列表中重新选择。")
    elif level_of(where) != known.scope:
        faults.add(
            "division",
            "WRONG_LEVEL",
            gettext("“{title}”的范围是{level}，请选择相应层级的区划。").format(
                title=gettext(known.title), level=gettext(LEVELS[known.scope])
            ),
        )
    if office is None or not actor.may(EDIT_STAFF, office.division_id):
        faults.add("organisation", "NO_SUCH_ORGANISATION", "没有这个在用的机构，请从列表中重新选择。")
    elif not where.startswith(office.division_id):
        faults.add(
            "division",
            "OUTSIDE_ORGANISATION",
            gettext("区划不在“{name}”的辖区内，请重新选择。").format(name=office.name),
        )
    _check_dates(faults, from_on, to_on)
    if not user.is_active:
        faults.add("user", "ACCOUNT_CLOSED", gettext("{name}的账号已停用，请先恢复账号。").format(name=user.name))
    faults.refuse()
    post, _ = Post.objects.get_or_create(role=role, division_id=where, organisation_id=organisation)
    if not post.is_active:
        Post.objects.filter(pk=post.pk).update(is_active=True)
    return _open(actor, Posting(user=user, post=post, from_on=from_on, to_on=to_on), "opened")


def _check_dates(faults: Faults, from_on: date, to_on: date | None) -> None:
    if to_on is not None and to_on <= from_on:
        faults.add("to_on", "DATES_REVERSED", "结束日期应晚于开始日期，请更正。")
    elif to_on is not None and to_on <= today():
        faults.add("to_on", "PAST", "结束日期已过，请更正。")


def _open(actor: Actor, posting: Posting, kind: str, **payload: object) -> Posting:
    """Store it, unless the person holds the post in that time already. The account's row is the lock."""
    User.objects.select_for_update().get(pk=posting.user_id)
    overlapping = Q(to_on=None) | Q(to_on__gt=posting.from_on)
    if posting.to_on is not None:
        overlapping &= Q(from_on__lt=posting.to_on)
    if Posting.objects.filter(overlapping, user=posting.user, post=posting.post).exists():
        raise Conflict(
            gettext("{name}在此期间已任此岗位。").format(name=posting.user.name),
            code="POSTING_EXISTS",
            next_step="请核对任职日期。",
        )
    posting.save()
    ends = posting.to_on.isoformat() if posting.to_on else None
    _tell(actor, kind, posting, from_on=posting.from_on.isoformat(), to_on=ends, **payload)
    return posting


def _posting(actor: Actor, number: int) -> Posting:
    rows = Posting.objects.select_for_update(of=("self",)).select_related("post", "user")
    posting = rows.filter(pk=number).first()
    if posting is None or not actor.may(EDIT_STAFF, posting.post.division_id):
        raise NotFound("没有找到这项任职，或您无权查看。")
    return posting


@transaction.atomic
def end_posting(actor: Actor, number: int, *, on: date, reason: str) -> None:
    """The post is no longer held from that day on; one that would not have begun by then is withdrawn.

    Deputies for this person at this post end on the same day.
    """
    posting = _posting(actor, number)
    faults = Faults()
    reason = faults.text("reason", "理由", reason, 200)
    if posting.to_on is not None and posting.to_on <= today():
        raise Conflict(gettext("此任职已于{day}结束。").format(day=posting.to_on), next_step="无需再次办理。")
    if on < today():
        faults.add("on", "PAST", "结束日期不能早于今天：此前的办理记录已按在任计。")
    faults.refuse()
    deputies = Posting.objects.filter(post=posting.post, on_behalf_of=posting.user, to_on__gt=on)
    for row in (*deputies.select_related("post"), posting):
        _end(actor, row, on, reason)


def _end(actor: Actor, row: Posting, on: date, reason: str) -> None:
    if row.from_on < on:
        row.to_on = on
        row.save(update_fields=["to_on"])
        _tell(actor, "ended", row, to_on=on.isoformat(), reason=reason)
    else:
        _tell(actor, "withdrawn", row, from_on=row.from_on.isoformat(), reason=reason)
        row.delete()


@transaction.atomic
def deputise(actor: Actor, number: int, *, deputy: int, from_on: date, to_on: date, reason: str) -> Posting:
    """代理: another member holds this posting's post on its holder's behalf, from a day to the day before `to_on`."""
    posting, other = _posting(actor, number), member(actor, deputy).user
    _refuse_oneself(actor, other)
    faults = Faults()
    reason = faults.text("reason", "理由", reason, 200)
    _check_dates(faults, from_on, to_on)
    if posting.to_on is not None and to_on > posting.to_on:
        faults.add(
            "to_on", "BEYOND_POSTING", gettext("代理不能超过原任职的结束日期{day}，请更正。").format(day=posting.to_on)
        )
    if other.pk == posting.user_id:
        faults.add("deputy", "NOT_FOR_ONESELF", "代理人应是另一人，请重新选择。")
    elif not other.is_active:
        faults.add("deputy", "ACCOUNT_CLOSED", gettext("{name}的账号已停用，请另选代理人。").format(name=other.name))
    if posting.on_behalf_of_id is not None:
        faults.add("deputy", "DEPUTY_OF_DEPUTY", "代理的岗位不能再转代理，请由原任人员的岗位办理。")
    faults.refuse()
    row = Posting(user=other, post=posting.post, from_on=from_on, to_on=to_on, on_behalf_of=posting.user)
    return _open(actor, row, "deputised", on_behalf_of=posting.user_id, reason=reason)
