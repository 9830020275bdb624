"""What forms ask of the directory and of check digits, without the make-believe district of the other tests."""

from __future__ import annotations

import pytest

from yiwang.engines.directory import api as directory
from yiwang.engines.forms import lookups

CHOOSABLE, NAMES = lookups.choosable, {"440605": "南海区", "440605121": "桂城街道", "440605121001": "平西社区"}


@pytest.mark.parametrize(
    ("level", "within", "wanted"),
    [
        ("district", "", [("440605", "南海区", "")]),
        ("town", "", [("440605121", "桂城街道", "南海区")]),
        ("village", "440605121", [("440605121001", "平西社区", "桂城街道")]),
        ("village", "440605122", []),
        ("cell", "", []),
    ],
)
def test_divisions_of_a_level_stand_under_what_they_lie_in(
    level: str, within: str, wanted: list[tuple[str, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "division_names", lambda: NAMES)
    assert [(one.code, one.title, one.group) for one in CHOOSABLE(level, within)] == wanted


@pytest.mark.parametrize("place", range(18))
def test_one_wrong_digit_is_always_found(place: int) -> None:
    for number, judge in (
        ("11010519491231002X", lookups.is_resident_id),
        ("91110000600037341L", lookups.is_credit_code),
    ):
        assert judge(number)
        other = "1" if number[place] != "1" else "7"
        assert not judge(number[:place] + other + number[place + 1 :])
