"""Counts in a minute and in an hour: alike for all processes, apart for each kind and person, forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yiwang.engines.access.api import forget_tallies, tally
from yiwang.engines.access.models import Tally
from yiwang.kernel.clock import china, frozen

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AT = china(2021, 9, 28, 9, 59) + timedelta(seconds=59)


def test_each_kind_and_person_is_counted_alone_until_the_window_is_over() -> None:
    with frozen(AT):
        assert [tally("look", "one", MINUTE), tally("look", "one", MINUTE)] == [1, 2]
        assert [tally("look", "two", MINUTE), tally("send", "one", MINUTE)] == [1, 1]
        assert tally("ask", "one", HOUR) == 1
    with frozen(AT + timedelta(seconds=1)):
        assert [tally("look", "one", MINUTE), tally("ask", "one", HOUR)] == [1, 1], "a new minute and a new hour"
    with frozen(AT + timedelta(seconds=30)):
        assert [tally("look", "one", MINUTE), tally("ask", "one", HOUR)] == [2, 2]


def test_nobody_can_read_who_was_counted_and_old_counts_go() -> None:
    with frozen(AT):
        tally("look", "203.0.113.7", MINUTE)
        assert "203.0" not in (kept := Tally.objects.get().subject) and len(kept) == 64
        forget_tallies()
        assert Tally.objects.count() == 1
    with frozen(AT + 3 * HOUR):
        forget_tallies()
    assert not Tally.objects.exists()


@pytest.mark.parametrize("window", [timedelta(), timedelta(hours=2)])
def test_a_window_that_is_not_kept_is_a_mistake_of_ours(window: timedelta) -> None:
    with pytest.raises(ValueError, match="at most"):
        tally("look", "one", window)
