"""Effects go out at least once; one that fails is tried again later and holds nobody else up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yiwang.engines.cases.events import Noticed
from yiwang.engines.cases.models import Outbox
from yiwang.engines.cases.services.acting import act, open_case
from yiwang.engines.cases.services.outbox import MOST_ATTEMPTS, retry, work_outbox
from yiwang.engines.cases.services.versions import register_apps
from yiwang.engines.directory.api import SYSTEM
from yiwang.kernel import events
from yiwang.kernel.clock import china, frozen

pytestmark = pytest.mark.django_db
AT = china(2021, 9, 28, 9)
REPORT = {"category": "manhole", "description": "井盖缺失", "place": {"address": "小学门口"}}


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Cases whose notices were heard; those in `broken` cannot be told."""
    told: list[str] = []

    def hear(event: Noticed) -> None:
        if str(event.case) in broken:
            raise ValueError("the mail server is gone")
        told.append(str(event.case))

    monkeypatch.setitem(events._subscribers, Noticed, [hear])
    return told


broken: set[str] = set()


def urged() -> list[str]:
    register_apps()
    with frozen(AT):
        cases = [open_case(SYSTEM, "city_incident.incident", REPORT) for _ in range(5)]
        for case in cases:
            act(SYSTEM, case.id, "urge")
    return [str(case.id) for case in cases]


def test_a_notice_that_fails_is_kept_and_the_others_are_told(heard: list[str]) -> None:
    cases = urged()
    broken.clear()
    broken.add(cases[2])
    with frozen(AT):
        assert work_outbox() == 5
    assert set(heard) == {*cases} - {cases[2]}
    (left,) = Outbox.objects.all()
    assert (str(left.case_id), left.attempts, left.status) == (cases[2], 1, "waiting")
    assert "the mail server is gone" in left.last_error and left.next_at > AT
    broken.clear()
    with frozen(AT + timedelta(minutes=1)):
        assert work_outbox() == 1
    assert cases[2] in heard and not Outbox.objects.exists()


def test_what_never_works_is_laid_aside_until_a_person_asks_again(heard: list[str]) -> None:
    (case, *_) = urged()
    broken.add(case)
    at = AT
    for _ in range(MOST_ATTEMPTS + 2):
        at += timedelta(hours=1)
        with frozen(at):
            work_outbox()
    (left,) = Outbox.objects.all()
    assert (left.status, left.attempts) == ("dead", MOST_ATTEMPTS)
    broken.clear()
    with frozen(at):
        assert retry(SYSTEM, [left.pk]) == 1
        work_outbox()
    assert case in heard and not Outbox.objects.exists()
