"""People and workers at the same moment: no loop, no half, nothing twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from yiwang.engines.cases.api import register_apps
from yiwang.engines.cases.rebuilding import differences
from yiwang.engines.cases.tests.test_at_once import at_once
from yiwang.engines.directory.api import SYSTEM, forget_cached
from yiwang.engines.gathering.api import main_of, merge, settle_due, unmerge
from yiwang.engines.gathering.models import Membership
from yiwang.engines.gathering.refusals import NotGathered
from yiwang.engines.gathering.services import settling
from yiwang.engines.gathering.tests.reports import close, report, row
from yiwang.engines.trust.api import history

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _ready(db: Any) -> None:
    forget_cached()
    register_apps()


def outcomes(answers: list[Any]) -> list[str]:
    return sorted(type(answer).__name__ for answer in answers)


def test_two_people_merging_each_into_the_other_make_one_main() -> None:
    one, two, three = report(), report(north=20), report(north=40)
    answers = at_once(
        lambda: merge(SYSTEM, one.id, two.id, "同一"), lambda: merge(SYSTEM, two.id, one.id, "同一"),
        lambda: merge(SYSTEM, three.id, one.id, "同一"),
    )  # fmt: skip
    assert not [
        answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, NotGathered)
    ], answers
    held = dict(Membership.objects.filter(ended_at=None).values_list("case_id", "into_id"))
    assert len({one.id, two.id} & set(held)) == 1, "exactly one of the two stands for both"
    assert not set(held) & set(held.values()), "no chain"
    for case in (one, two, three):
        assert row(case).status == ("suspended" if case.id in held else "open")
        assert differences(case.id) == []


def test_workers_and_a_person_at_once_settle_each_member_once_or_not_at_all() -> None:
    main, *others = (report(north=20 * number) for number in range(4))
    for other in others:
        merge(SYSTEM, other.id, main.id, "同一")
    close(main)
    answers = at_once(settle_due, settle_due, settle_due, lambda: unmerge(SYSTEM, others[0].id, "不同"))
    assert sum(answer for answer in answers if isinstance(answer, int)) + settle_due() == 3
    assert "NotGathered" in outcomes(answers)
    for other in others:
        verbs = [entry.kind for entry in history(SYSTEM, other.id)]
        assert verbs.count("case.settle") == 1 and differences(other.id) == []


def test_a_crash_while_settling_leaves_the_member_for_the_next_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    main, other, third = report(), report(north=20), report(north=40)
    merge(SYSTEM, other.id, main.id, "同一")
    merge(SYSTEM, third.id, main.id, "同一")
    close(main)
    usual = settling.act

    def broken(actor: Any, case_id: Any, *rest: Any, **named: Any) -> Any:
        moved = usual(actor, case_id, *rest, **named)
        if case_id == other.id:
            raise RuntimeError("the power went")
        return moved

    monkeypatch.setattr(settling, "act", broken)
    assert settle_due() == 1, "one that fails holds nobody up"
    assert row(other).status == "suspended" and main_of(other.id) == main.id
    monkeypatch.undo()
    connection.close()
    assert settle_due() == 1 and row(other).status == row(third).status == "closed"
