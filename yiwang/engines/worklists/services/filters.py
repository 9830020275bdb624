"""Searches a person keeps under a name; another person's do not exist for them."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from yiwang.engines.directory.api import Actor
from yiwang.engines.worklists.models import SavedFilter
from yiwang.engines.worklists.selectors.search import Search
from yiwang.kernel.errors import InvalidInput, NotAllowed, NotFound

MOST = 30
_NAME_SIGNS = 30


def _refused(code: str, message: str) -> InvalidInput:
    return InvalidInput(
        [{"path": "name", "code": code, "message": message}], message, next_step="请换一个名称后再保存。"
    )


def _own(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotAllowed
    return actor.user_id


def _name(owner: int, name: str, id: UUID | None = None) -> str:
    found = " ".join(name.replace("\0", "").split())
    if not found or len(found) > _NAME_SIGNS:
        raise _refused("NAME", gettext("请为筛选起一个名称，最多 {most} 个字。").format(most=_NAME_SIGNS))
    others = SavedFilter.objects.filter(user_id=owner, name=found)
    if id is not None:
        others = others.exclude(pk=id)
    if others.exists():
        raise _refused("NAME_TAKEN", gettext("您已经有一个名为“{name}”的筛选。").format(name=found))
    return found


def _held(owner: int, id: UUID) -> SavedFilter:
    found = SavedFilter.objects.select_for_update().filter(pk=id, user_id=owner).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def save_filter(actor: Actor, name: str, search: Search) -> SavedFilter:
    """Keep a search, behind those that are there; InvalidInput for a name that is empty, too long or taken."""
    owner = _own(actor)
    mine = SavedFilter.objects.filter(user_id=owner)
    if mine.count() >= MOST:
        raise InvalidInput((), gettext("最多保存 {most} 个筛选。").format(most=MOST), next_step="请先删除不用的筛选。")
    last = mine.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    return SavedFilter.objects.create(user_id=owner, name=_name(owner, name), query=search.query(), position=position)


@transaction.atomic
def rename_filter(actor: Actor, id: UUID, name: str) -> None:
    """Give a kept search another name."""
    owner = _own(actor)
    found = _held(owner, id)
    found.name = _name(owner, name, id)
    found.save(update_fields=["name"])


@transaction.atomic
def delete_filter(actor: Actor, id: UUID) -> None:
    """Forget a kept search."""
    _held(_own(actor), id).delete()


@transaction.atomic
def move_filter(actor: Actor, id: UUID, step: int) -> None:
    """Move a kept search forward (negative) or back by some places; beyond the ends it stays there."""
    owner = _own(actor)
    found = _held(owner, id)
    order = list(SavedFilter.objects.select_for_update().filter(user_id=owner).order_by("position", "name"))
    at = next(place for place, one in enumerate(order) if one.pk == found.pk)
    order.insert(max(0, at + step), order.pop(at))
    for position, one in enumerate(order):
        one.position = position
    SavedFilter.objects.bulk_update(order, ["position"])
