"""Writes to divisions: a new one, another name, an end. Codes are never used again; names keep their history."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from yiwang.engines.directory.actors import Actor
from yiwang.engines.directory.administration import EDIT_DIVISIONS
from yiwang.engines.directory.dates import running, today
from yiwang.engines.directory.events import DirectoryChanged, DivisionsChanged
from yiwang.engines.directory.faults import Faults
from yiwang.engines.directory.guards import require
from yiwang.engines.directory.models import Division, DivisionHistory, Organisation, Posting
from yiwang.engines.directory.revisions import bump
from yiwang.engines.directory.selectors.divisions import known_code
from yiwang.engines.geography.api import level_title, parent_code, significant
from yiwang.kernel.clock import now
from yiwang.kernel.errors import Conflict, UserError
from yiwang.kernel.events import publish


class StillInUse(UserError):
    code, status = "DIVISION_IN_USE", 409
    message, next_step = "区划仍在使用，不能撤销。", "请先撤销其下级区划，停用其机构。"


def tell_divisions(actor: Actor, kind: str, code: str, **payload: object) -> None:
    """Every process reloads its maps; the journal and those who keep outlines hear of it."""
    bump("divisions")
    publish(DirectoryChanged(f"division.{kind}", f"division/{code}", actor, code, payload))
    publish(DivisionsChanged(code[:6]))


def _locked(actor: Actor, code: str) -> Division:
    stored = known_code(code)
    require(actor, EDIT_DIVISIONS, stored)
    return Division.objects.select_for_update().get(pk=stored)


def _effective(faults: Faults, on: date) -> None:
    if on > today():
        faults.add("on", "FUTURE", "生效日期不能晚于今天，请在生效当日办理。")


@transaction.atomic
def add_division(actor: Actor, code: str, name: str, *, on: date, reason: str) -> Division:
    """A new town, village or grid cell under the division its code begins with, without an outline yet."""
    stored = significant(code)
    above = parent_code(stored)
    require(actor, EDIT_DIVISIONS, above or stored)
    faults = Faults()
    name = faults.text("name", "名称", name, 80)
    reason = faults.text("reason", "依据", reason, 200)
    _effective(faults, on)
    if above is None:
        faults.add("code", "DISTRICT", "区级区划由启动时的 DISTRICT 确定，不能在此新增。")
    elif not Division.objects.filter(pk=above, to_on=None).exists():
        faults.add("code", "NO_PARENT", gettext("代码的上级“{code}”不存在，请核对代码。").format(code=above))
    if Division.objects.filter(pk=stored).exists():
        faults.add("code", "CODE_TAKEN", gettext("代码“{code}”已使用过，区划代码不重复使用。").format(code=stored))
    elif Division.objects.filter(parent=above, name=name, to_on=None).exists():
        faults.add("name", "NAME_TAKEN", gettext("同一上级下已有“{name}”，请核对名称。").format(name=name))
    faults.refuse()
    level = {9: "town", 12: "village", 16: "cell"}[len(stored)]
    row = Division.objects.create(code=stored, level=level, parent_id=above, name=name, from_on=on)
    tell_divisions(actor, "added", stored, name=name, on=on.isoformat(), reason=reason)
    return row


@transaction.atomic
def rename_division(actor: Actor, code: str, name: str, *, on: date, reason: str) -> Division:
    """Another name from a day on; the old one is kept with its last day, and found by searches."""
    row = _locked(actor, code)
    faults = Faults()
    name = faults.text("name", "名称", name, 80)
    reason = faults.text("reason", "依据", reason, 200)
    _effective(faults, on)
    if Division.objects.filter(parent=row.parent_id, name=name, to_on=None).exclude(pk=row.pk).exists():
        faults.add("name", "NAME_TAKEN", gettext("同一上级下已有“{name}”，请核对名称。").format(name=name))
    last = row.history.order_by("-to_on").first()
    if last is not None and on < last.to_on:
        faults.add("on", "BEFORE_LAST", gettext("此前一次更名于{day}生效，生效日期不能更早。").format(day=last.to_on))
    faults.refuse()
    if name != row.name:
        DivisionHistory.objects.create(division=row, name=row.name, to_on=on, reason=reason, recorded_at=now())
        before, row.name = row.name, name
        row.save(update_fields=["name"])
        tell_divisions(actor, "renamed", row.pk, before=before, after=name, on=on.isoformat(), reason=reason)
    return row


@transaction.atomic
def retire_division(actor: Actor, code: str, *, on: date, reason: str, successor: str = "") -> Division:
    """The division ends on that day; `successor` names the one of its level that takes its place, if any."""
    row = _locked(actor, code)
    faults = Faults()
    reason = faults.text("reason", "依据", reason, 200)
    _effective(faults, on)
    if row.from_on is not None and on <= row.from_on:
        faults.add("on", "DATES_REVERSED", gettext("撤销日期应晚于设立日期{day}，请更正。").format(day=row.from_on))
    heir = known_code(successor) if successor else None
    if heir is not None and (len(heir) != len(row.pk) or heir == row.pk):
        faults.add(
            "successor",
            "WRONG_LEVEL",
            gettext("承接的区划应是另一个{level}，请重新选择。").format(level=gettext(level_title(row.pk))),
        )
    faults.refuse()
    _refuse_in_use(row)
    row.to_on, row.successor_id = on, heir
    row.save(update_fields=["to_on", "successor"])
    tell_divisions(actor, "retired", row.pk, on=on.isoformat(), successor=heir, reason=reason)
    return row


def _refuse_in_use(row: Division) -> None:
    if row.level == "district":
        raise Conflict("本区不能撤销。", next_step="请核对代码。")
    inside = row.children.filter(to_on=None).count()
    if inside:
        raise StillInUse(
            gettext("“{name}”还有{count}个下级区划，不能撤销。").format(name=row.name, count=inside),
            next_step="请先撤销或划转下级区划。",
        )
    if Organisation.objects.filter(division=row, is_active=True).exists():
        raise StillInUse(
            gettext("“{name}”还有在用的机构，不能撤销。").format(name=row.name), next_step="请先停用这些机构。"
        )
    if Posting.objects.filter(Q(post__division=row) & running(today())).exists():
        raise StillInUse(
            gettext("“{name}”还有人在任，不能撤销。").format(name=row.name), next_step="请先结束这些任职。"
        )
