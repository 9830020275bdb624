"""The words of the interface, without a database: states, masks, dates."""

from __future__ import annotations

import pytest

from yiwang.apps.governance.open311.asking import read_asked
from yiwang.apps.governance.open311.refusals import Refused
from yiwang.apps.governance.open311.reporting import masked_text
from yiwang.apps.governance.open311.states import TABLE, TITLES, plain
from yiwang.kernel.clock import china, frozen


def test_states_are_of_the_extension_and_told_once() -> None:
    theirs = {
        "open", "closed", "investigating", "in_progress", "action_scheduled", "planned", "fixed", "duplicate",
        "not_councils_responsibility", "unable_to_fix", "no_further_action", "internal_referral", "for_triage",
    }  # fmt: skip
    assert set(TITLES) == theirs and len(TABLE) == len({one.key for one in TABLE})
    assert {key for key in TITLES if plain(key) == "closed"} == {
        "closed", "fixed", "not_councils_responsibility", "unable_to_fix", "no_further_action", "internal_referral",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话0757-86123456找我", "电话***找我"), ("证号440605199001011234", "证号***"), ("a.b@c.org 来", "*** 来"),
        ("138 0013 8000", "***"), ("第12号楼3单元", "第12号楼3单元"),
    ],
)  # fmt: skip
def test_numbers_that_lead_to_somebody_are_masked(text: str, shown: str) -> None:
    assert masked_text(text) == shown


def test_a_lost_plus_is_forgiven() -> None:
    with frozen(china(2026, 6, 1)):
        asked = read_asked({"start_date": "2026-05-01T00:00:00 08:00", "end_date": "2026-05-02"})
        assert (asked.begins, asked.ends) == (china(2026, 5, 1), china(2026, 5, 2))
        with pytest.raises(Refused):
            read_asked({"start_date": "2026-05-02", "end_date": "2026-05-01"})
