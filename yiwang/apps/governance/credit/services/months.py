"""A published month never moves: its league tables are kept as they were, with a digest in the journal."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from yiwang.apps.governance.credit.kinds import FREEZE_MONTH, SUBJECTS
from yiwang.apps.governance.credit.models import FrozenMonth, Subject
from yiwang.apps.governance.credit.rules import BASE, level_of
from yiwang.apps.governance.credit.scoring import day_of, score_of
from yiwang.apps.governance.credit.services.counting import facts_of, later, ruler
from yiwang.engines.directory.api import Actor, district_code, today
from yiwang.engines.trust.api import append
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.clock import CHINA, now
from yiwang.kernel.errors import Conflict, NotAllowed, UserError


class MonthNotOver(UserError):
    code, status = "MONTH_NOT_OVER", 409
    message, next_step = "这个月还没有结束，不能公布。", "请在次月核对后公布。"


def end_of(month: date) -> datetime:
    """The first instant of the next month, in China."""
    following = later(month.replace(day=1), 1)
    return datetime(following.year, following.month, 1, tzinfo=CHINA)


@transaction.atomic
def freeze_month(actor: Actor, month: date) -> int:
    """Publish the league tables of a month that is over, for every kind; how many rows. NotAllowed, MonthNotOver;
    Conflict when it is published already."""
    if not actor.may(FREEZE_MONTH, district_code()):
        raise NotAllowed
    month = month.replace(day=1)
    if later(month, 1) > today():
        raise MonthNotOver
    if FrozenMonth.objects.filter(month=month).exists():
        raise Conflict(gettext("这个月已经公布。"), next_step=gettext("公布后的变化列在榜单旁边，不改榜单。"))
    made = 0
    for kind in SUBJECTS:
        rows = _rows(kind, end_of(month))
        digest = hashlib.sha256(canonical_json(rows)).hexdigest()
        FrozenMonth.objects.create(month=month, kind=kind, at=now(), by=actor.name, rows=rows, sha256=digest)
        facts = {"month": month, "kind": kind, "count": len(rows), "sha256": digest}
        append("credit.months", "credit.month.frozen", facts, actor=actor, division=district_code())
        made += len(rows)
    return made


def _rows(kind: str, at: datetime) -> list[list[Any]]:
    subjects = {one.pk: one for one in Subject.objects.filter(kind=kind)}
    scores = dict.fromkeys(subjects, BASE)
    ruled = ruler()
    for subject, facts in facts_of(subjects):
        scores[subject] = score_of(facts, kind, at, ruled).score
    on = day_of(at)
    ordered = sorted(subjects.values(), key=lambda one: (-scores[one.pk], one.name, one.key))
    return [
        [str(one.pk), one.name, one.division, one.organisation, scores[one.pk], level_of(scores[one.pk], kind, on).key]
        for one in ordered
    ]
