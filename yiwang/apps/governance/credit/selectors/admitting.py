"""Whether an entry may be objected to or repaired now; when not, why, in one sentence."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from yiwang.apps.governance.credit.kinds import FREEZE, REPAIR, WITHDRAW
from yiwang.apps.governance.credit.models import Entry
from yiwang.apps.governance.credit.rules import OBJECT_DAYS, rule_of
from yiwang.apps.governance.credit.scoring import day_of


def objectable(number: str, at: datetime) -> dict[str, Any]:
    """`is_admissible`, and `why` when it is not."""
    entry = _entry(number)
    if entry is None:
        return _refused("没有这条信用记录。")
    changes = _changes(entry)
    if WITHDRAW in changes or REPAIR in changes:
        return _refused("这条记录已经不计分。")
    if FREEZE in changes:
        return _refused("这条记录已经提出过异议，每条只能提出一次。")
    if at - entry.recorded_at > timedelta(days=OBJECT_DAYS):
        return _refused(f"记录超过 {OBJECT_DAYS} 天，不再受理异议。")
    return {"is_admissible": True, "subject": str(entry.subject_id)}


def repairable(number: str, at: datetime, *, has_proof: bool) -> dict[str, Any]:
    """The same for repair: the days of the rule are over, the entry counts against its subject, and proof is given."""
    entry = _entry(number)
    if entry is None:
        return _refused("没有这条信用记录。")
    rule = rule_of(entry.event, entry.subject.kind, day_of(entry.at))
    if rule is None or rule.points >= 0 or rule.repair_days is None:
        return _refused("这类记录不能修复。")
    changes = _changes(entry)
    if WITHDRAW in changes or REPAIR in changes:
        return _refused("这条记录已经不计分。")
    if changes and changes[-1] == FREEZE:
        return _refused("这条记录正在异议审理，请等审定以后再申请。")
    if at - entry.at < timedelta(days=rule.repair_days):
        return _refused(f"这类记录满 {rule.repair_days} 天后才能申请修复。")
    if not has_proof:
        return _refused("请附上整改材料。")
    return {"is_admissible": True, "subject": str(entry.subject_id)}


def _entry(number: str) -> Entry | None:
    if not number.isdigit():
        return None
    return Entry.objects.select_related("subject").filter(pk=int(number), target=None).first()


def _changes(entry: Entry) -> list[str]:
    return list(Entry.objects.filter(target=entry).order_by("pk").values_list("event", flat=True))


def _refused(why: str) -> dict[str, Any]:
    return {"is_admissible": False, "why": why}
