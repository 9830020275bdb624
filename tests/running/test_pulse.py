"""A demonstration lives: reports come, its people act, and who takes a case over is left alone with it."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.small_district import cast_of_it
from yiwang.apps.governance.city_incident import scenario
from yiwang.engines.cases.api import act
from yiwang.engines.cases.models import Case
from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.stories.scenario import World, living
from yiwang.project import history, pulse


def test_reports_keep_coming_and_are_worked_on(small_district: None, db: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(history, "whole_cast", cast_of_it)
    monkeypatch.setattr(pulse, "FASTER", 1e12)
    beat = pulse.Pulse(per_hour=1e9)
    beat.rng, beat.next_at = random.Random(3), 0.0
    for _ in range(12):
        beat()
    assert Case.objects.count() >= 10
    assert Case.objects.filter(sequence__gt=2).exists(), "somebody has worked on one"


def test_a_story_lets_go_of_a_case_that_somebody_took_over(small_district: None, db: None) -> None:
    story = living(World("city_incident", cast_of_it(), random.Random(1)), scenario.ordinary)
    next(story)
    case = Case.objects.get()
    act(SYSTEM, case.id, "cancel", arguments={"reason": "演示中取消"})
    with pytest.raises(StopIteration):
        next(story)
    case.refresh_from_db()
    assert case.status == "cancelled"
