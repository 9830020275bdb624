"""信用评价 credit: what departments, towns, inspectors and inspected firms have done, as a score anybody can recompute.

score = base + sum of event points x what time has left of them. Entries are never changed; what was wrong is taken
back by a signed entry. All figures are rules of three books and *proposals*: no page of Nanhai states them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yiwang.apps.governance.credit.facts import EVENT_FACTS, EXCUSES, of_visits
from yiwang.apps.governance.credit.kinds import FREEZE_MONTH, OBJECT, READ
from yiwang.apps.governance.credit.papers import DECISION, OBJECTION_PAPER, REPAIR_PAPER, REVIEW
from yiwang.apps.governance.credit.rules import EFFECTS, LEVEL_RULES, POINTS
from yiwang.engines.directory.spec import Role, working_days
from yiwang.engines.processes.spec import Advisor, CaseType, End, Exclusive, Start, UserTask
from yiwang.kernel.app import App, app_folders

BUREAUS = ("water", "urban", "traffic", "power", "housing", "police")
KEEPER = Role(key="credit_keeper", title="信用管理员", may=(READ, FREEZE_MONTH))
REVIEWER = Role(key="credit_reviewer", title="信用复核员", at=("data",), may=(READ,))
TOWN_CLERK = Role(key="town_credit", title="镇街信用联络员", scope="town", may=(READ, OBJECT))
OFFICE_CLERK = Role(
    key="office_credit", title="单位信用联络员", scope="town", also=("district",), sees="organisation", at=BUREAUS,
    may=(READ, OBJECT),
)  # fmt: skip


def _standing(facts: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    # Asked only while cases run; an `app.py` is read before Django has its tables.
    from yiwang.apps.governance.credit.selectors.standing import standing

    return standing(str(facts.get("subject", "")), at)


STANDING = Advisor(key="standing", title="信用等级查询", function=_standing)


def _of_an_entry(
    key: str, title: str, subject: str, start: Start, review: str, question: str, yes: End, no: End,
    *, category: str | None = None,
) -> CaseType:  # fmt: skip
    """What is asked about one entry: a reviewer looks into it, the keeper decides. `yes` and `no` are the two ends."""
    return CaseType(
        key=key, title=title, within=working_days(10), subject=subject, category=category,
        answer=("opinion", "grounds"), watchers=(KEEPER,),
        nodes=(
            start,
            UserTask("review", review, by=REVIEWER, form=REVIEW, within=working_days(5)),
            UserTask("decide", "审定", by=KEEPER, form=DECISION, within=working_days(5)),
            Exclusive(f"is_{yes.key}", question, when={yes.key: 'upheld = "yes"'}, otherwise=no.key),
            yes,
            no,
        ),
    )  # fmt: skip


OBJECTION = _of_an_entry(
    "objection", "信用异议", '"信用记录 " + entry + " 异议"', Start(title="提出异议", form=OBJECTION_PAPER),
    "复核", "是否成立", End("upheld", "异议成立，撤销记录", outcome="upheld"),
    End("rejected", "异议不成立，恢复计分", outcome="rejected"), category="ground",
)  # fmt: skip
REPAIR_CASE = _of_an_entry(
    "repair", "信用修复", '"信用记录 " + entry + " 修复"', Start(title="申请修复", form=REPAIR_PAPER),
    "核实整改", "是否准予", End("repaired", "准予修复", outcome="repaired"),
    End("rejected", "不予修复", outcome="rejected"),
)  # fmt: skip
APP = App(
    key="credit",
    title="信用评价",
    net="governance",
    rows=("R42",),
    parts=(
        KEEPER, REVIEWER, TOWN_CLERK, OFFICE_CLERK, POINTS, LEVEL_RULES, EFFECTS, EVENT_FACTS, EXCUSES,
        *of_visits(app_folders()), STANDING, OBJECTION, REPAIR_CASE,
    ),
)  # fmt: skip
