"""The worker takes turns: at once while there is work, after a pause without; a failing duty stops no other."""

from __future__ import annotations

from datetime import date

from yiwang.kernel import clock
from yiwang.project.worker import Daily, Duty


def test_a_duty_with_work_is_called_again_at_once_and_rests_without() -> None:
    answers = iter([3, 0, 9])
    duty = Duty("test", lambda: next(answers), pause=3600)
    assert [duty.take_turn(), duty.take_turn(), duty.take_turn()] == [3, 0, 0]


def test_a_duty_that_fails_rests_and_does_not_raise() -> None:
    def fail() -> int:
        raise ValueError("broken")

    duty = Duty("test", fail, pause=3600)
    assert duty.take_turn() == 0
    assert duty.next_at > 0


def test_a_daily_duty_is_done_once_for_each_day_that_is_over() -> None:
    done: list[date] = []
    daily = Daily(done.append)
    with clock.frozen(clock.china(2026, 3, 2, 0, 5)):
        daily()
        daily()
    with clock.frozen(clock.china(2026, 3, 3, 0, 5)):
        daily()
    assert done == [date(2026, 3, 1), date(2026, 3, 2)]
