"""Two at once, and the database gone in the middle: one step is taken, or none, never a half."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from yiwang.engines.cases.models import Case, Due, Outbox, Token
from yiwang.engines.cases.rebuilding import differences
from yiwang.engines.cases.services import acting
from yiwang.engines.cases.services.acting import act, open_case
from yiwang.engines.cases.services.versions import register_apps
from yiwang.engines.cases.store import saving
from yiwang.engines.directory.api import SYSTEM, forget_cached, system_actor
from yiwang.engines.processes.api import StepTaken
from yiwang.engines.trust.api import history, verify

pytestmark = pytest.mark.django_db(transaction=True)
TYPE = "city_incident.incident"
REPORT = {"category": "manhole", "description": "井盖缺失", "place": {"address": "小学门口"}}
PEOPLE = ("老周", "阿兰", "小吴", "陈工")


def accepted() -> Any:
    register_apps()
    case = open_case(SYSTEM, TYPE, REPORT)
    return act(SYSTEM, case.id, "complete", token=only_task(case), arguments={"data": {"accepted": "yes"}})


def only_task(case: Any) -> int:
    (token,) = case.state.open_tasks()
    return token.no


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call gave or raised, all begun at the same moment on connections of their own."""
    gate, answers = threading.Barrier(len(calls)), []

    def run(call: Callable[[], Any]) -> None:
        gate.wait()
        try:
            answers.append(call())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_four_people_one_takes_the_step_and_the_others_hear_who_and_when() -> None:
    case = accepted()
    task, before = only_task(case), case.sequence

    def taking(name: str) -> Callable[[], Any]:
        return lambda: act(system_actor(name), case.id, "complete", token=task, arguments={"data": {"unit": "water"}})

    answers = at_once(*map(taking, PEOPLE))
    refused = [answer for answer in answers if isinstance(answer, StepTaken)]
    assert len(refused) == len(PEOPLE) - 1, answers
    last = history(SYSTEM, case.id)[-1]
    assert last.sequence == before + 1
    for answer in refused:
        assert re.fullmatch(rf"这一步已由{last.actor_name}于\d\d月\d\d日 \d\d:\d\d办理。", answer.message)
        assert answer.next_step
    assert Token.objects.filter(case_id=case.id).count() == 1
    assert differences(case.id) == []


def test_a_step_and_a_return_at_once_leave_one_of_the_two() -> None:
    case = accepted()
    task = only_task(case)
    answers = at_once(
        lambda: act(SYSTEM, case.id, "complete", token=task, arguments={"data": {"unit": "water"}}),
        lambda: act(SYSTEM, case.id, "send_back", token=task, arguments={"to": "accept", "reason": "有误"}),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Running", "StepTaken"]
    assert Token.objects.get(case_id=case.id).node in ("handle", "accept")
    assert differences(case.id) == []


def test_many_verbs_on_one_case_queue_up_without_gap_or_double() -> None:
    case = accepted()
    talk = [lambda n=n: act(system_actor(f"第{n}人"), case.id, "comment", arguments={"text": f"话{n}"}) for n in range(8)]
    answers = at_once(*talk)
    assert [type(answer).__name__ for answer in answers] == ["Running"] * 8
    entries = history(SYSTEM, case.id)
    assert [entry.sequence for entry in entries] == list(range(1, 11))
    assert len({entry.actor_name for entry in entries[2:]}) == 8
    assert verify().fault is None


def everything() -> list[Any]:
    """All rows a step writes."""
    rows: list[Any] = [list(table.objects.order_by("pk").values()) for table in (Case, Token, Due, Outbox)]
    return [*rows, verify().entry_count]


MOMENTS: dict[str, tuple[Any, str]] = {
    "before the lock": (acting, "claim"),
    "before the history": (saving, "copy_rows"),
    "before the rows": (saving, "_write_parts"),
    "before the commit": (acting, "publish"),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_database_gone_in_mid_step_leaves_nothing_half_written(moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = accepted()
    kept = everything()
    place, name = MOMENTS[moment]
    usual = getattr(place, name)
    monkeypatch.setattr(place, name, lambda *given: (_cut_off(), usual(*given))[1])
    with pytest.raises(OperationalError):
        act(SYSTEM, case.id, "complete", token=only_task(case), arguments={"data": {"unit": "water"}})
    monkeypatch.undo()
    connection.close()
    forget_cached()
    assert everything() == kept
    assert differences(case.id) == []
    again = act(SYSTEM, case.id, "complete", token=only_task(case), arguments={"data": {"unit": "water"}})
    assert again.sequence == case.sequence + 1
    assert verify().fault is None


def _cut_off() -> None:
    """End this very connection from another one, as a server that dies does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        mine = cursor.fetchone()[0]
    with psycopg.connect(**connection.get_connection_params() | {"context": None, "cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [mine])
