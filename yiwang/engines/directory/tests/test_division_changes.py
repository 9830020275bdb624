"""Divisions that begin, change their name and end; their history stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from yiwang.engines.directory import api
from yiwang.engines.directory.actors import ANONYMOUS, Actor
from yiwang.engines.directory.dates import today
from yiwang.engines.directory.models import Division, DivisionHistory, Organisation
from yiwang.engines.directory.services import divisions
from yiwang.engines.directory.tests.places import DALI, SHISHAN, keeper
from yiwang.kernel.errors import InvalidInput, NotAllowed, UserError

pytestmark = pytest.mark.usefixtures("district")
WHY = {"on": date(2026, 1, 1), "reason": "民政部门批复"}
VILLAGE = f"{SHISHAN}001"


@pytest.fixture
def whole() -> Actor:
    return keeper("440605")


def test_a_rename_keeps_the_old_name_and_its_last_day(whole: Actor) -> None:
    old = api.name_of(VILLAGE)
    divisions.rename_division(whole, VILLAGE, "新城社区居委会", **WHY)
    assert api.name_of(VILLAGE) == "新城社区居委会"
    [row] = DivisionHistory.objects.filter(division=VILLAGE)
    assert (row.name, row.to_on, row.reason) == (old, WHY["on"], WHY["reason"])


def test_a_new_village_has_cells_and_ends(whole: Actor) -> None:
    code = f"{SHISHAN}088"
    divisions.add_division(whole, code, "新村社区居委会", **WHY)
    divisions.add_division(whole, f"{code}0001", "1号网格", **WHY)
    assert api.path_of(f"{code}0001") == "狮山镇 新村社区居委会 1号网格"
    with pytest.raises(divisions.StillInUse, match="1个下级区划"):
        divisions.retire_division(whole, code, on=today(), reason="合并")
    divisions.retire_division(whole, f"{code}0001", on=today(), reason="合并")
    divisions.retire_division(whole, code, on=today(), reason="合并", successor=VILLAGE)
    assert api.division(code) is None
    assert Division.objects.get(pk=code).successor_id == VILLAGE
    with pytest.raises(InvalidInput) as refused:
        divisions.add_division(whole, code, "再次使用", **WHY)
    assert refused.value.errors[0]["code"] == "CODE_TAKEN"


def test_a_town_with_offices_does_not_end(whole: Actor) -> None:
    Organisation.objects.filter(kind="village").delete()  # A village with its committee would not end either.
    for row in Division.objects.filter(code__startswith=DALI).exclude(pk=DALI).order_by("-code"):
        divisions.retire_division(whole, row.pk, on=today(), reason="撤并")
    with pytest.raises(divisions.StillInUse, match="机构"):
        divisions.retire_division(whole, DALI, on=today(), reason="撤并")


WRONG: list[tuple[Callable[[Actor], Any], str]] = [
    (lambda actor: divisions.add_division(actor, "440606", "顺德区", **WHY), "NOT_ALLOWED"),
    (lambda actor: divisions.add_division(actor, "440605999001", "无镇村", **WHY), "NO_PARENT"),
    (lambda actor: divisions.add_division(actor, f"{SHISHAN}088", "", **WHY), "REQUIRED"),
    (lambda actor: divisions.add_division(actor, "44060512", "短", **WHY), "DIVISION_CODE"),
    (lambda actor: divisions.rename_division(actor, SHISHAN, "大沥镇", **WHY), "NAME_TAKEN"),
    (lambda actor: divisions.rename_division(actor, SHISHAN, "狮城", on=today() + timedelta(1), reason="x"), "FUTURE"),
    (lambda actor: divisions.rename_division(actor, "440605129", "狮城", **WHY), "DIVISION_UNKNOWN"),
    (lambda actor: divisions.retire_division(actor, VILLAGE, **WHY, successor=DALI), "WRONG_LEVEL"),
    (lambda actor: divisions.retire_division(actor, "440605", **WHY), "STALE_PAGE"),
]


@pytest.mark.parametrize(("act", "code"), WRONG)
def test_a_wrong_change_says_why(whole: Actor, act: Callable[[Actor], Any], code: str) -> None:
    before = list(Division.objects.values_list("code", "name", "to_on"))
    with pytest.raises(UserError) as refused:
        act(whole)
    errors = getattr(refused.value, "errors", [])
    assert code in ([error["code"] for error in errors] or [getattr(refused.value, "code", "")])
    assert list(Division.objects.values_list("code", "name", "to_on")) == before


@pytest.mark.parametrize("who", ["stranger", "town"])
def test_divisions_are_the_districts_business(who: str) -> None:
    actor = ANONYMOUS if who == "stranger" else keeper(SHISHAN)
    with pytest.raises(NotAllowed):
        divisions.rename_division(actor, VILLAGE, "新城社区居委会", **WHY)
    with pytest.raises(NotAllowed):
        divisions.add_division(actor, f"{SHISHAN}088", "新村", **WHY)
