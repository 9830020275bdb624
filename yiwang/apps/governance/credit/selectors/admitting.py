"""Whether an entry may be objected to or repaired now: '' when it may, else why not, in one sentence."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext

from yiwang.apps.governance.credit.kinds import FREEZE, REPAIR, WITHDRAW
from yiwang.apps.governance.credit.models import Entry
from yiwang.apps.governance.credit.rules import OBJECT_DAYS, rule_of
from yiwang.apps.governance.credit.scoring import day_of


def against_objecting(entry: Entry, at: datetime) -> str:
    """An entry is objected to once, within some days, while it counts."""
    changes = _changes(entry)
    if WITHDRAW in changes or REPAIR in changes:
        return gettext("这条记录已经不计分。")
    if FREEZE in changes:
        return gettext("这条记录已经提出过异议，每条只能提出一次。")
    if at - entry.recorded_at > timedelta(days=OBJECT_DAYS):
        return gettext("记录超过 {days} 天，不再受理异议。").format(days=OBJECT_DAYS)
    return ""


def against_repairing(entry: Entry, at: datetime, *, has_proof: bool) -> str:
    """The days of the rule are to be over, the entry to count against its subject, and proof to be given."""
    rule = rule_of(entry.event, entry.subject.kind, day_of(entry.at))
    if rule is None or rule.points >= 0 or rule.repair_days is None:
        return gettext("这类记录不能修复。")
    changes = _changes(entry)
    if WITHDRAW in changes or REPAIR in changes:
        return gettext("这条记录已经不计分。")
    if changes and changes[-1] == FREEZE:
        return gettext("这条记录正在异议审理，请等审定以后再申请。")
    if at - entry.at < timedelta(days=rule.repair_days):
        return gettext("这类记录满 {days} 天后才能申请修复。").format(days=rule.repair_days)
    return "" if has_proof else gettext("请附上整改材料。")


def _changes(entry: Entry) -> list[str]:
    return list(Entry.objects.filter(target=entry).order_by("pk").values_list("event", flat=True))
