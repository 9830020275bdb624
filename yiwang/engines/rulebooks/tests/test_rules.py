"""Rules by their dates: the most specific row, the edition of the day, four eyes, covers, and history that stays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import ProgrammingError

from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.rulebooks import api
from yiwang.engines.rulebooks.checks import covers_lead_somewhere
from yiwang.engines.rulebooks.index import Index
from yiwang.engines.rulebooks.models import Edition, Rule
from yiwang.engines.rulebooks.spec import Book, Input, Output
from yiwang.engines.rulebooks.tests.trial_books import (
    CLASS_ROWS,
    CLASSES,
    MATRIX,
    MATRIX_ROWS,
    PUBLISHER,
    WRITER,
    person,
)
from yiwang.kernel import app as kernel_app
from yiwang.kernel.app import App, Registry
from yiwang.kernel.clock import china
from yiwang.kernel.errors import Conflict, InvalidInput, NotAllowed, SpecError, Unavailable


def amended(limit: str, begins: date, *more: dict[str, Any]) -> Edition:
    draft = api.store_draft(WRITER, "trial.classes", [{**CLASS_ROWS[0], "limit": limit}, CLASS_ROWS[1], *more])
    return api.publish_edition(PUBLISHER, draft.pk, begins)


ROWS = [
    {"lead": "any"}, {"class_code": "C", "lead": "C"}, {"class_code": "C01", "place": "440605124", "lead": "C01 here"},
    {"class_code": "C01", "level": "town", "lead": "C01 town"}, {"place": "440605", "level": "town", "lead": "town"},
    {"class_code": "C0101", "place": "440605121", "lead": "C0101 there"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "lead"),
    [
        ({}, "any"), ({"class_code": "C9999"}, "C"), ({"class_code": "E0101", "place": None}, "any"),
        ({"class_code": "C0102", "place": "440605124001", "level": "town"}, "C01 here"),
        ({"class_code": "C0102", "place": "440605121", "level": "town"}, "C01 town"),
        ({"class_code": "C0102", "place": "440605121"}, "C"),
        ({"class_code": "C0101", "place": "4406051210010001", "level": "village"}, "C0101 there"),
        ({"class_code": "C0101", "place": "440605124"}, "C01 here"),
        ({"class_code": "E01", "place": "4406051", "level": "town"}, "town"),
    ],
)  # fmt: skip
def test_the_most_specific_row_wins_input_by_input(facts: dict[str, Any], lead: str) -> None:
    found = Index(MATRIX, enumerate(ROWS, 1)).find(facts)
    assert found is not None and found.answer["lead"] == lead


def test_nothing_fits_nothing() -> None:
    assert Index(MATRIX, enumerate(ROWS[1:4], 1)).find({"class_code": "E1", "level": "town"}) is None


def test_a_case_is_judged_by_the_rules_of_its_day(trial: None) -> None:
    assert api.consult("trial.classes", {"class_code": "C0101"}, date(2026, 3, 1)) is None
    api.install_edition("trial.classes", CLASS_ROWS, date(2026, 1, 1))
    assert api.install_edition("trial.classes", [], date(2026, 1, 1)) is None, "a book that has an edition keeps it"
    amended("4紧急工作时", date(2026, 4, 1))
    amended("6紧急工作时", date(2026, 3, 15))

    def hours(on: date) -> Any:
        found = api.consult("trial.classes", {"class_code": "C0101", "place": "x"}, on)
        return found and found["limit"]["amount"]

    days = [
        date(2025, 12, 31),
        date(2026, 1, 1),
        date(2026, 3, 14),
        date(2026, 3, 15),
        date(2026, 4, 1),
        date(2030, 1, 1),
    ]
    assert [hours(day) for day in days] == [None, 2, 2, 6, 4, 4]
    assert hours(china(2026, 3, 15)) == 6 and hours(china(2026, 3, 14, 23, 59)) == 2
    told = api.applied("trial.classes", {"class_code": "E0102"}, date(2026, 3, 20))
    assert told is not None and (told.edition.number, told.rule.no) == (3, 2)
    assert told.rule.answer == {"limit": {"amount": 3, "unit": "working_day"}}, "a blank cell is absent"


def test_a_published_edition_never_changes(trial: None) -> None:
    first = api.install_edition("trial.classes", CLASS_ROWS, date(2026, 1, 1))
    assert first is not None
    with pytest.raises(Conflict):
        api.set_row(WRITER, first.pk, 1, CLASS_ROWS[1])
    for change in (
        lambda: Rule.objects.filter(edition=first).update(values={}),
        lambda: Rule.objects.create(edition=first, no=9, values={}),
        lambda: Edition.objects.filter(pk=first.pk).update(effective_on=date(2020, 1, 1)),
        first.delete,
    ):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            change()
    with connection.cursor() as cursor:  # Somebody with the keys of the database itself.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE rulebooks_rule DISABLE TRIGGER USER")
        Rule.objects.filter(edition=first, no=1).update(values={"class_code": "C0101"})
        cursor.execute("ALTER TABLE rulebooks_rule ENABLE TRIGGER USER")
    with pytest.raises(Unavailable):
        api.consult("trial.classes", {"class_code": "C0101"}, date(2026, 2, 1))


def test_rows_alike_are_refused_with_both_numbers(trial: None) -> None:
    twice = [*CLASS_ROWS, {"class_code": "C0101", "condition": "", "limit": "1自然日"}]
    found = api.check_rows("trial.classes", twice)
    assert [one.code for one in found] == ["ALIKE"] and "第 1 条和第 3 条" in found[0].message
    draft = api.store_draft(WRITER, "trial.classes", twice)
    with pytest.raises(api.NotPublishable, match="第 1 条和第 3 条"):
        api.publish_edition(PUBLISHER, draft.pk, date(2026, 3, 2))
    with pytest.raises(SpecError, match="第 1 条和第 3 条"):
        api.install_edition("trial.matrix", [MATRIX_ROWS[0]] * 3, date(2026, 1, 1))


def test_a_class_without_a_rule_blocks_publication_on_both_sides(trial: None) -> None:
    api.install_edition("trial.classes", CLASS_ROWS, date(2026, 1, 1))
    with pytest.raises(SpecError, match="E0102"):
        api.install_edition("trial.matrix", MATRIX_ROWS[:1], date(2026, 1, 1))
    here = [MATRIX_ROWS[0], {**MATRIX_ROWS[1], "place": "440605124"}]
    assert [one.code for one in api.check_rows("trial.matrix", here)] == ["WITHOUT_RULE"], "a rule of one town is none"
    api.install_edition("trial.matrix", MATRIX_ROWS, date(2026, 1, 1))
    slip = [*MATRIX_ROWS, {"class_code": "C09", "lead": "x"}, {"class_code": "E01", "level": "town", "lead": "x"}]
    warned = api.check_rows("trial.matrix", slip)
    assert [(one.no, one.code, one.weight) for one in warned] == [(3, "UNKNOWN_KEY", "warning")]
    new = {"class_code": "F0101", "limit": "1工作日"}
    with pytest.raises(api.NotPublishable, match="F0101"):
        amended("2紧急工作时", date(2026, 5, 1), new)
    draft = api.store_draft(WRITER, "trial.matrix", [*MATRIX_ROWS, {"class_code": "F", "lead": "town"}])
    matrix = api.publish_edition(PUBLISHER, draft.pk, date(2026, 4, 1))
    draft = Edition.objects.get(book="trial.classes", status="draft")
    api.publish_edition(PUBLISHER, draft.pk, date(2026, 5, 1))
    with pytest.raises(api.NotPublishable, match="F0101"):
        api.withdraw_edition(PUBLISHER, matrix.pk, "不要了")


@pytest.mark.parametrize(
    ("covers", "told"),
    [("trial.clases", "no app declares"), ("trial.other", "shares no column"), ("trial.classes", "")],
)
def test_what_a_book_covers_is_there(monkeypatch: pytest.MonkeyPatch, covers: str, told: str) -> None:
    other = Book(key="other", title="别的", inputs=(Input("x", "叉"),), outputs=(Output("y", "丫"),))
    matrix = Book(key="matrix", title="责任", inputs=MATRIX.inputs, outputs=MATRIX.outputs, covers=covers)
    trial = App(key="trial", title="试验", net="governance", parts=(CLASSES, other, matrix))
    monkeypatch.setattr(kernel_app, "registry", Registry((trial,)))
    found = covers_lead_somewhere()
    assert [told in one.msg for one in found] == ([True] if told else [])


def test_four_eyes_and_days(trial: None) -> None:
    api.install_edition("trial.classes", CLASS_ROWS, date(2026, 1, 1))
    both = person(3, api.EDIT_RULES, api.PUBLISH_RULES)
    draft = api.begin_draft(WRITER, "trial.classes")
    assert draft.rules.count() == 2 and api.begin_draft(both, "trial.classes") == draft
    no = api.set_row(both, draft.pk, None, {"class_code": "E0103", "limit": {"amount": "1.5", "unit": "working_day"}})
    with pytest.raises(InvalidInput) as refused:
        api.set_row(both, draft.pk, no, {"limit": "两小时", "level": "县"})
    assert {one["path"] for one in refused.value.errors} == {"class_code", "limit", "level"}
    for actor in (WRITER, person(4)):
        with pytest.raises(NotAllowed):
            api.publish_edition(actor, draft.pk, date(2026, 3, 2))
    with pytest.raises(api.FourEyes):
        api.publish_edition(both, draft.pk, date(2026, 3, 2))
    for day in (date(2026, 3, 1), date(2025, 1, 1)):
        with pytest.raises(InvalidInput):
            api.publish_edition(PUBLISHER, draft.pk, day)
    own = person(3, api.EDIT_RULES, api.PUBLISH_RULES, api.PUBLISH_OWN_RULES)
    published = api.publish_edition(own, draft.pk, date(2026, 3, 20))
    with pytest.raises(InvalidInput) as refused:
        amended("9工作时", date(2026, 3, 20))
    assert "第 2 版" in refused.value.errors[0]["message"]
    assert len(api.rows("trial.classes", date(2026, 3, 20))) == 3
    api.withdraw_edition(PUBLISHER, published.pk, "数字有误")
    assert len(api.rows("trial.classes", date(2026, 3, 20))) == 2
    with pytest.raises(Conflict):
        api.withdraw_edition(SYSTEM, Edition.objects.get(number=1, book="trial.classes").pk, "已生效")


@pytest.mark.parametrize(
    ("declare", "told"),
    [
        (lambda: Input("a", "甲", match="beginning"), "match"), (lambda: Output("a", "甲", kind="limits"), "Did you mean 'limit'"),
        (lambda: Output("a", "甲", kind="choice"), "without options"), (lambda: Input("A", "甲"), "key 'A'"),
        (lambda: Input("a", "甲", match="prefix", options={"x": "叉"}), "prefix"),
        (lambda: Book(key="b", title="乙", inputs=(Input("a", "甲"),), outputs=(Output("a", "丙"),)), "two columns"),
        (lambda: Book(key="b", title="乙", inputs=(Input("a", "甲"),), outputs=(Output("c", "甲"),)), "title '甲'"),
        (lambda: Book(key="b", title="乙", inputs=(), outputs=(Output("a", "甲"),)), "inputs"),
        (lambda: Book(key="b", title="乙", inputs=(Input("a", "甲"),), outputs=(Output("c", "丙"),), covers="x"), "covers"),
    ],
)  # fmt: skip
def test_wrong_declarations_say_what_is_wrong(declare: Any, told: str) -> None:
    with pytest.raises(SpecError, match=told):
        declare()
