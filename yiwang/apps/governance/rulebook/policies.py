"""Reading and writing policies. Every write in one transaction with its journal entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from yiwang.apps.governance.rulebook.models import PLACES, Policy
from yiwang.apps.governance.rulebook.rights import require_edit, require_staff
from yiwang.engines.directory.api import Actor, district_code
from yiwang.engines.forms.api import attach, register_guard, store_upload
from yiwang.engines.rulebooks.api import all_books
from yiwang.engines.trust.api import append
from yiwang.kernel.clock import now
from yiwang.kernel.errors import Conflict, InvalidInput, NotFound
from yiwang.kernel.wording import about

SUBJECT = "policy"
MOST_TEXT = 20_000
_ORDER = {key: place for place, (key, _) in enumerate(PLACES)}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a person says of a policy. `books` are keys of rulebooks."""

    place: str
    title: str
    number: str = ""
    text: str = ""
    source: str = ""
    from_on: date | None = None
    books: Sequence[str] = field(default_factory=tuple)
    is_proposal: bool = False


def register_files() -> None:
    """Let everybody with a post open the files of policies."""
    register_guard(SUBJECT, lambda actor, _: actor.is_system or bool(actor.grants))


def policies(actor: Actor, *, on: date | None = None, search: str = "") -> list[Policy]:
    """The set in its order (1, 1, N); `on` keeps those in force that day. It has a dozen members: no pages."""
    require_staff(actor)
    found = Policy.objects.all()
    if on is not None:
        found = found.filter(from_on__lte=on).filter(Q(to_on=None) | Q(to_on__gt=on))
    if search.strip():
        found = found.filter(
            Q(title__icontains=search.strip()) | Q(number__icontains=search.strip()) | Q(text__icontains=search.strip())
        )
    return sorted(found, key=lambda one: (_ORDER[one.place], one.pk))


def policy(actor: Actor, policy_id: int) -> Policy:
    """One of them."""
    require_staff(actor)
    found = Policy.objects.select_related("replaces").filter(pk=policy_id).first()
    if found is None:
        raise NotFound(gettext("没有这份制度文件。"), next_step=gettext("请返回清单重新选择。"))
    return found


def _check(entry: Entry) -> None:
    faults = []
    for name, title, most in (
        ("title", "名称", 120),
        ("number", "文号", 60),
        ("source", "出处", 200),
        ("text", "正文", MOST_TEXT),
    ):
        value = getattr(entry, name)
        if name == "title" and not value:
            faults.append(
                {"path": name, "code": "REQUIRED", "message": about(gettext("请填写{title}。"), gettext(title))}
            )
        elif len(value) > most:
            message = about(
                gettext("{title}最多{limit}个字，现有{length}个字，请删减。"),
                gettext(title),
                limit=most,
                length=len(value),
            )
            faults.append({"path": name, "code": "TOO_LONG", "message": message})
    if entry.place not in _ORDER:
        faults.append({"path": "place", "code": "NO_SUCH_OPTION", "message": gettext("请选择在制度体系中的位置。")})
    unknown = [key for key in entry.books if key not in all_books()]
    if unknown:
        message = gettext("没有名为“{key}”的规则簿，请重新选择。").format(key=unknown[0][:40])
        faults.append({"path": "books", "code": "NO_SUCH_OPTION", "message": message})
    if faults:
        raise InvalidInput(faults)


def _store(actor: Actor, row: Policy, entry: Entry, file: File[Any] | None) -> None:
    for name in ("place", "title", "number", "text", "source", "from_on", "is_proposal"):
        setattr(row, name, getattr(entry, name))
    row.books = list(entry.books)
    if row.to_on and (row.from_on is None or row.from_on >= row.to_on):
        message = gettext("生效日期应在废止日期（{day}）之前。").format(day=row.to_on)
        raise InvalidInput([{"path": "from_on", "code": "DATES", "message": message}])
    row.changed_at, row.changed_by = now(), actor.name
    row.save()
    if file is not None:
        kept = store_upload(file, ("pdf", "office"), actor=actor)
        attach([kept.pk], SUBJECT, str(row.pk), actor=actor)
        row.file = str(kept.pk)
        row.save(update_fields=["file"])


def _journal(actor: Actor, row: Policy, kind: str, **payload: object) -> None:
    append(f"policy:{row.pk}", f"policy.{kind}", {"id": row.pk, **payload}, actor=actor, division=district_code())


@transaction.atomic
def record_policy(actor: Actor, entry: Entry, *, file: File[Any] | None = None, replaces: int | None = None) -> Policy:
    """A new member. With `replaces`, the older one ends the day this one begins."""
    require_edit(actor)
    _check(entry)
    row = Policy(changed_at=now(), changed_by=actor.name)
    older = Policy.objects.select_for_update().filter(pk=replaces).first() if replaces else None
    if older is not None:
        if entry.from_on is None or older.from_on is None or older.to_on is not None or entry.from_on <= older.from_on:
            message = gettext("新文件的生效日期应晚于“{title}”，且旧文件尚未废止。").format(title=older.title)
            raise InvalidInput([{"path": "from_on", "code": "DATES", "message": message}])
        row.replaces = older
    _store(actor, row, entry, file)
    _journal(actor, row, "recorded", **row.as_facts())
    if older is not None:
        older.to_on = entry.from_on
        older.save(update_fields=["to_on"])
        _journal(actor, older, "replaced", to_on=older.to_on, by=row.pk)
    return row


@transaction.atomic
def change_policy(actor: Actor, policy_id: int, entry: Entry, *, file: File[Any] | None = None) -> Policy:
    """Correct what is said of a member; before and after stay in the journal."""
    require_edit(actor)
    _check(entry)
    row = Policy.objects.select_for_update().filter(pk=policy_id).first() or policy(actor, policy_id)
    before = row.as_facts()
    _store(actor, row, entry, file)
    after = row.as_facts()
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    _journal(actor, row, "changed", changed=changed)
    return row


@transaction.atomic
def repeal_policy(actor: Actor, policy_id: int, to_on: date, reason: str) -> Policy:
    """It ends: `to_on` is the first day it is no longer in force. Conflict when its end stands already."""
    require_edit(actor)
    row = Policy.objects.select_for_update().filter(pk=policy_id).first() or policy(actor, policy_id)
    if row.to_on is not None:
        message = gettext("“{title}”的废止日期已定为 {day}，不能再改。").format(title=row.title, day=row.to_on)
        raise Conflict(message, next_step=gettext("请返回制度体系查看。"), code="POLICY_ENDED")
    faults = []
    if not reason.strip():
        faults.append({"path": "reason", "code": "REQUIRED", "message": gettext("请填写理由。")})
    if row.from_on is None or to_on <= row.from_on:
        faults.append({"path": "to_on", "code": "DATES", "message": gettext("废止日期应晚于生效日期。")})
    if faults:
        raise InvalidInput(faults)
    row.to_on, row.changed_at, row.changed_by = to_on, now(), actor.name
    row.save(update_fields=["to_on", "changed_at", "changed_by"])
    _journal(actor, row, "repealed", to_on=to_on, reason=reason.strip()[:200])
    return row


def governing(actor: Actor, on: date) -> Mapping[str, list[Policy]]:
    """The policies in force on that day by the key of the book they govern."""
    found: dict[str, list[Policy]] = {}
    for one in policies(actor, on=on):
        for key in one.books:
            found.setdefault(key, []).append(one)
    return found
