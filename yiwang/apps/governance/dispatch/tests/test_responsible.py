"""One lead for each class, on the level it belongs to, judged by the rules of its day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yiwang.apps.governance.dispatch.incidents import LEVELS, UNITS
from yiwang.apps.governance.dispatch.responsible import advise
from yiwang.engines.forms.spec import Choice
from yiwang.engines.processes.spec import CaseType, UserTask
from yiwang.engines.rulebooks.api import NotPublishable, consult, rows
from yiwang.engines.rulebooks.spec import Book
from yiwang.kernel.app import registry
from yiwang.kernel.clock import china

AT = china(2021, 9, 28, 9)
TWO_HOURS = {"amount": 2, "unit": "urgent_hour"}
FOUR_HOURS = {"amount": 4, "unit": "working_hour"}


def asked(code: str, level: str = "town", limit: Any = FOUR_HOURS, **rest: Any) -> Any:
    facts = {"level": level, "handle_limit": limit, "is_urgent": limit is TWO_HOURS}
    return advise({"class_code": code, "facts": facts, "place": {"division": "4406051240010001"}, **rest}, AT)


@pytest.mark.parametrize(
    ("code", "lead", "co"),
    [
        ("C0103", "water", []), ("C0121", "power", []), ("C0117", "urban", []), ("C0209", "traffic", []),
        ("E0501", "traffic", ["water", "urban"]), ("E0606", "urban", []), ("E0108", "traffic", []),
    ],
)  # fmt: skip
def test_the_longest_beginning_decides(small_district: None, db: None, code: str, lead: str, co: list[str]) -> None:
    found = asked(code)
    assert (found["lead"], found["co"]) == (lead, co)


def test_small_matters_begin_in_the_village_unless_they_are_urgent(small_district: None, db: None) -> None:
    assert asked("E0102", "village")["level"] == "village"
    assert asked("E0119", "village", TWO_HOURS)["level"] == "town"
    assert asked("E0102", "village", urgency="urgent")["level"] == "town"
    assert asked("E0503", "district", TWO_HOURS)["level"] == "district"


def test_a_matter_rises_after_its_share_of_the_limit(small_district: None, db: None) -> None:
    assert asked("E0102", "village")["rise_limit"] == {"amount": "4", "unit": "working_hour"}
    assert asked("C0103", limit={"amount": "1.5", "unit": "urgent_hour"})["rise_limit"]["amount"] == "4.5"
    assert "rise_limit" not in asked("E0503", "district")
    assert "rise_limit" not in asked("E0102", "village", None)


def test_a_class_without_a_rule_has_no_lead_and_a_person_chooses(small_district: None, db: None) -> None:
    assert "lead" not in asked("E9901")


def test_every_class_of_the_catalogue_has_a_lead(small_district: None, db: None) -> None:
    codes = {row["class_code"] for row in rows("catalogue.classes", date(2021, 9, 28))}
    assert len(codes) > 90
    assert [code for code in codes if consult("dispatch.responsibility", {"class_code": code}, AT) is None] == []


def test_a_new_group_of_classes_without_a_rule_is_not_published(small_district: None, db: None) -> None:
    from yiwang.engines.directory.api import SYSTEM, today
    from yiwang.engines.rulebooks.api import publish_edition, store_draft

    known = [dict(row) for row in rows("catalogue.classes", today())]
    stray = {**known[0], "class_code": "C9901"}
    draft = store_draft(SYSTEM, "catalogue.classes", [*known, stray], basis="新类别")
    with pytest.raises(NotPublishable) as refusal:
        publish_edition(SYSTEM, draft.pk, today(), basis="新类别")
    assert "C9901" in str([finding.message for finding in refusal.value.findings])


def test_units_and_levels_are_called_the_same_wherever_they_are_asked() -> None:
    """Apps do not import each other: the incident's form, the catalogue and the matrix each write them down."""
    nodes = registry.find(CaseType, "city_incident.incident").nodes
    form = next(one.form for one in nodes if isinstance(one, UserTask) and one.key == "dispatch")
    assert form is not None
    asked = {
        one.key: {option.key: option.title for option in one.listed} for one in form.fields if isinstance(one, Choice)
    }
    level = registry.find(Book, "catalogue.classes").by_key["level"]
    assert asked["unit"] == asked["helpers"] == UNITS
    assert asked["level"] == dict(level.options or ()) == LEVELS
