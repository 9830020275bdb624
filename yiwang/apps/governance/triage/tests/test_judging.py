"""What is for 110, 119 and 120 and what only sounds like it; the suggestion on texts written by hand."""

import csv
from pathlib import Path

import pytest

from yiwang.apps.governance.triage.first_model import digest
from yiwang.apps.governance.triage.grammar import DATA, phrases
from yiwang.apps.governance.triage.judging import SERVICES, compiled
from yiwang.apps.governance.triage.second_opinion import judge_by
from yiwang.apps.governance.triage.standing import first_rows
from yiwang.apps.governance.triage.suggesting import built_in, texts_of
from yiwang.engines.language.api import report

HERE = Path(__file__).resolve().parent


def table(path):
    """(text, service or '') of a table written by hand."""
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["target"]) for row in csv.DictReader(file)]


KNOWN, UNSEEN = table(DATA / "emergency_texts.csv"), table(HERE / "emergency_unseen.csv")
RULES = compiled(first_rows("emergencies"), first_rows("wording"))


def test_the_tables_are_wide_enough():
    texts = [text for text, _ in KNOWN + UNSEEN]
    assert len(texts) == len(set(texts))
    assert sum(bool(target) for _, target in KNOWN) >= 60 and sum(not target for _, target in KNOWN) >= 60
    assert {target for _, target in KNOWN} == {*SERVICES, ""}
    assert not {text for text, _ in texts_of("held_out")} & {text for text, _ in texts_of("calibration")}


@pytest.mark.parametrize(("text", "target"), KNOWN)
def test_each_text_goes_where_it_belongs(text, target):
    judged = RULES.judge(text)
    assert judged.transfer == target, [(one.emergency.rule, one.words, one.because) for one in judged.found]
    if target:
        assert judged.advice()["words"] and all(word in text for word in judged.advice()["words"])


def test_texts_no_rule_was_written_for():
    """Neither rules nor models were changed for these. Measured: 14 of 20 emergencies passed on, 18 noticed, 3 false."""
    judged = [(judge_by(RULES, text), target) for text, target in UNSEEN]
    assert len(judged) >= 40 and not {text for text, _ in UNSEEN} & {text for text, _ in KNOWN}
    assert sum(bool(one.transfer) for one, target in judged if target) >= 13
    assert sum(bool(one.transfer or one.ask) for one, target in judged if target) >= 17
    assert sum(bool(one.transfer or one.ask) for one, target in judged if not target) <= 4


def test_ordinary_reports_raise_no_alarm():
    """Of 296 ordinary reports written by hand one or two sound like more: the broken gas pipe truly is."""
    ordinary = [text for name in ("held_out", "calibration") for text, _ in texts_of(name)]
    assert sum(bool(judge_by(RULES, text).transfer) for text in ordinary) <= 1
    assert sum(bool(judge_by(RULES, text).ask) for text in ordinary) <= 3


def test_what_is_not_certain_is_asked_first_and_what_was_set_aside_says_why():
    asked = RULES.judge("楼道里闻到煤气味")
    assert (asked.transfer, asked.ask, asked.advice()["severity"]) == ("", "119", "ask")
    aside = RULES.judge("昨天打架已处理")
    assert not aside.found and aside.aside[0].because == "昨天"
    both = RULES.judge("有人打架，一个人头破血流")
    assert (both.transfer, both.also) == ("120", ("110",))


def test_the_suggestion_on_texts_written_by_hand():
    """The sentences to learn from are made by a grammar; these 194 are not.

    Measured with three seeds: first guess 87 to 91 %, one of three 98 %; the floors stand below the worst of them.
    """
    made = report(built_in(), texts_of("held_out"))
    assert made.count >= 150 and {name for _, name in texts_of("held_out")} <= set(phrases())
    assert made.accuracy > 0.86
    assert made.top_three > 0.96
    assert made.sure > 0.8 and made.sure_accuracy > 0.92
    assert made.calibration_error < 0.08


def test_the_model_that_ships_is_of_the_grammar_that_ships():
    kept = (DATA / "first_model.sha256").read_text(encoding="ascii").strip()
    assert kept == digest(), "Run python -m yiwang.apps.governance.triage.first_model"
    assert set(built_in().classes) == set(phrases())
