"""Writes to staff accounts. A password is handed out once and must be changed before the account may do anything."""

from __future__ import annotations

import re
import secrets
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from yiwang.engines.directory.actors import Actor
from yiwang.engines.directory.administration import EDIT_STAFF
from yiwang.engines.directory.dates import today
from yiwang.engines.directory.events import DirectoryChanged
from yiwang.engines.directory.faults import Faults, Told, save_once
from yiwang.engines.directory.guards import require
from yiwang.engines.directory.models import User
from yiwang.engines.directory.selectors.staff import member
from yiwang.engines.directory.services.posts import give_post
from yiwang.engines.geography.api import significant
from yiwang.kernel.errors import NotAllowed
from yiwang.kernel.events import publish

_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,59}\Z")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike on paper: i, l, o, 0, 1."""
_TOLD: Told = {"directory_user_username": ("username", "USERNAME_TAKEN", "此用户名已被使用，请换一个。")}


def _tell(actor: Actor, kind: str, user: User, division: str = "", **payload: object) -> None:
    publish(DirectoryChanged(f"account.{kind}", f"user/{user.pk}", actor, division, payload))


def _hand_out(user: User) -> str:
    """A fresh password of 16 letters in groups of four (79 bits), set but not stored in the clear."""
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    user.password = user.handed_out_password = make_password(password)
    return password


def _own(actor: Actor, number: int) -> tuple[User, str]:
    """The account, locked, and the division its latest post is for.

    NotAllowed when it holds a post the actor has no say over, or is the actor's own.
    """
    found = member(actor, number)
    if not found.is_ours:
        raise NotAllowed("此账号还担任您辖区以外的岗位。", next_step="请由区管理员办理。")
    if actor.user_id == number:
        raise NotAllowed("不能停用自己的账号或重置自己的密码。", next_step="请由另一位管理员办理。")
    return User.objects.select_for_update().get(pk=number), found.postings[0].post.division_id


@transaction.atomic
def create_account(
    actor: Actor, *, username: str, name: str, role: str, organisation: int, division: str, from_on: date | None = None
) -> tuple[User, str]:
    """An account with its first post; the password is in the answer and nowhere else in the clear."""
    require(actor, EDIT_STAFF, significant(division))
    faults, username = Faults(), username.strip()
    name = faults.text("name", "姓名", name, 40)
    if not _USERNAME.match(username):
        faults.add("username", "USERNAME", "用户名应为3至60个字母、数字或“.”“_”“-”，以字母或数字开头。")
    elif User.objects.filter(username__iexact=username).exists():
        faults.add("username", "USERNAME_TAKEN", "此用户名已被使用，请换一个。")
    faults.refuse()
    user = User(username=username, name=name)
    password = _hand_out(user)
    save_once(user, _TOLD)
    _tell(actor, "created", user, significant(division), username=username, name=name)
    first_day = from_on or today()
    give_post(actor, user, role=role, organisation=organisation, division=division, from_on=first_day)
    return user, password


@transaction.atomic
def reset_password(actor: Actor, number: int) -> str:
    """A new handed-out password; the old one and every session under it end at once."""
    user, division = _own(actor, number)
    password = _hand_out(user)
    user.save(update_fields=["password", "handed_out_password"])
    _tell(actor, "password_reset", user, division)
    return password


@transaction.atomic
def set_account_active(actor: Actor, number: int, *, is_active: bool, reason: str) -> User:
    """Close an account : nobody can log in, its posts rest; or open it again."""
    user, division = _own(actor, number)
    faults = Faults()
    reason = faults.text("reason", "理由", reason, 200)
    faults.refuse()
    if user.is_active == is_active:
        return user
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    _tell(actor, "opened" if is_active else "closed", user, division, reason=reason)
    return user


@transaction.atomic
def rename_account(actor: Actor, number: int, name: str) -> User:
    """The person's name as it now is."""
    user, division = _own(actor, number)
    faults = Faults()
    name = faults.text("name", "姓名", name, 40)
    faults.refuse()
    before, user.name = user.name, name
    if before != name:
        user.save(update_fields=["name"])
        _tell(actor, "renamed", user, division, before=before, after=name)
    return user
