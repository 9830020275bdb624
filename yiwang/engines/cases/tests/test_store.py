"""Between memory and tables: what is loaded is what was saved, history rebuilds it, nothing is doubled."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from yiwang.engines.cases.models import Case, Due, Outbox, Token
from yiwang.engines.cases.rebuilding import differences
from yiwang.engines.cases.services.acting import act, open_case
from yiwang.engines.cases.services.sweeping import sweep, sweep_all
from yiwang.engines.cases.services.versions import register_apps
from yiwang.engines.cases.store.loading import look
from yiwang.engines.cases.store.tables import array_literal, open_cursor
from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.processes.api import StepTaken
from yiwang.engines.trust.api import history, verify
from yiwang.kernel.clock import china, frozen

TYPE = "city_incident.incident"
REPORT = {"category": "manhole", "description": "井盖缺失", "place": {"address": "小学门口"}}


@pytest.fixture
def district(db: None) -> None:
    register_apps()


def opened() -> Any:
    return open_case(SYSTEM, TYPE, REPORT)


def only_task(case: Any) -> int:
    (token,) = case.state.open_tasks()
    return token.no


def completed(case: Any, data: dict[str, Any]) -> Any:
    return act(SYSTEM, case.id, "complete", token=only_task(case), arguments={"data": data})


def carried_to_handle() -> Any:
    return completed(completed(opened(), {"accepted": "yes"}), {"unit": "water"})


@pytest.mark.usefixtures("district")
class TestRoundTrip:
    def test_what_is_loaded_is_what_was_saved(self) -> None:
        case = carried_to_handle()
        loaded = look(open_cursor(), [case.id])[case.id]
        assert loaded.state.tokens == case.state.tokens
        assert loaded.state.clocks == case.state.clocks
        assert loaded.state.data == case.state.data
        assert (loaded.sequence, loaded.head) == (case.sequence, case.head)

    def test_the_history_rebuilds_the_state_after_a_return(self) -> None:
        case = carried_to_handle()
        returned = {"to": "dispatch", "reason": "不属本单位"}
        case = act(SYSTEM, case.id, "send_back", token=only_task(case), arguments=returned)
        completed(case, {"unit": "urban"})
        assert differences(case.id) == []

    def test_a_changed_row_is_told_apart_from_its_history(self) -> None:
        case = opened()
        Token.objects.filter(case_id=case.id).update(assignee=7)
        assert differences(case.id)[0].startswith("tokens:")

    def test_closing_leaves_no_tokens_and_no_clocks(self) -> None:
        case = completed(completed(carried_to_handle(), {"measure": "已处理"}), {"fixed": True})
        assert case.state.status == "closed"
        assert not Token.objects.filter(case_id=case.id).exists()
        assert not Due.objects.filter(case_id=case.id).exists()

    def test_every_step_is_in_the_chain(self) -> None:
        case = carried_to_handle()
        kinds = [entry.kind for entry in history(SYSTEM, case.id)]
        assert kinds == ["case.open", "case.complete", "case.complete"]
        assert verify().fault is None

    def test_a_place_found_later_moves_the_case_to_its_town(self) -> None:
        case = opened()
        assert case.division == "440605"
        place = {"longitude": 113.0, "latitude": 23.1, "division": "440605124002"}
        from yiwang.engines.cases.services.sweeping import carry_out
        from yiwang.engines.processes.api import Command

        data = {"place": place, "accepted": "yes"}
        carry_out([(case.id, Command("complete", china(2021, 3, 1), token=only_task(case), arguments={"data": data}))])
        row = Case.objects.get(pk=case.id)
        assert (row.division, row.area) == ("440605124", "440605124002")
        assert set(Token.objects.filter(case=row).values_list("division", flat=True)) == {"440605124"}
        assert set(Due.objects.filter(case=row).values_list("division", flat=True)) == {"440605124"}


@pytest.mark.usefixtures("district")
class TestTwice:
    def test_the_second_of_two_clicks_hears_who_was_first(self) -> None:
        case = opened()
        completed(case, {"accepted": "no", "refusal": "重复"})
        with pytest.raises(Exception, match=r"CASE_ENDED|CASE_STEP_TAKEN"):
            completed(case, {"accepted": "yes"})

    def test_a_taken_step_names_the_person_and_the_time(self) -> None:
        case = carried_to_handle()
        finished = only_task(case)
        case = completed(case, {"measure": "已处理"})
        with pytest.raises(StepTaken, match="这一步已由"):
            act(SYSTEM, case.id, "complete", token=finished, arguments={"data": {"measure": "再次"}})


@pytest.mark.usefixtures("district")
class TestSweep:
    def test_each_warning_is_raised_once_however_often_it_is_swept(self) -> None:
        with frozen(china(2021, 9, 28, 9)):
            opened()
        later = china(2021, 9, 28, 9) + timedelta(days=60)
        fired = sweep_all(later)
        assert fired == 6
        assert sweep(later) == 0
        assert Outbox.objects.filter(kind="warning").count() == 6

    def test_a_warning_carries_the_instant_it_was_due_not_the_sweep(self) -> None:
        with frozen(china(2021, 9, 28, 9)):
            case = opened()
        sweep_all(china(2021, 12, 1))
        at = [entry.at for entry in history(SYSTEM, case.id) if entry.kind == "case.fire"]
        assert at[0] == china(2021, 9, 28, 10)
        assert at == sorted(at)

    def test_a_suspended_case_is_left_alone(self) -> None:
        with frozen(china(2021, 9, 28, 9)):
            case = opened()
            act(SYSTEM, case.id, "suspend", arguments={"reason": "等待鉴定"})
        assert sweep_all(china(2021, 12, 1)) == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_one_takes_the_step() -> None:
    register_apps()
    case = carried_to_handle()
    answers: list[object] = []

    def take() -> None:
        try:
            answers.append(completed(case, {"measure": "已处理"}).state.status)
        except StepTaken as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(answer).__name__ for answer in answers) == ["StepTaken", "str"]
    assert [entry.sequence for entry in history(SYSTEM, case.id)] == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_four_workers_fire_every_clock_once() -> None:
    register_apps()
    with frozen(china(2021, 9, 28, 9)):
        ids = [opened().id for _ in range(60)]
    fired: list[int] = []

    def work() -> None:
        try:
            while count := sweep(china(2021, 12, 1), batch=10):
                fired.append(count)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sweep_all(china(2021, 12, 1))
    for case_id in ids:
        assert [entry.sequence for entry in history(SYSTEM, case_id)] == list(range(1, 8))
    assert verify().fault is None


@pytest.mark.parametrize("text", ["", 'a"b', "a\\b", "a,b{}", "NULL", "多\n行", "'"])
def test_array_literals_carry_any_text(db: None, text: str) -> None:
    cursor = open_cursor()
    for column in ([text, None], [text], [text, "x", text]):  # With gaps value by value, without them as one text.
        cursor.execute("SELECT unnest(%s::text[])", [array_literal("text", column)])
        assert [row[0] for row in cursor.fetchall()] == column


def test_a_sign_that_would_part_a_column_anew_is_refused() -> None:
    with pytest.raises(ValueError, match="NUL"):
        array_literal("text", ["a\0b", "c"])
