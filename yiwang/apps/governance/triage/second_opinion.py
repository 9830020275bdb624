"""A second opinion beside the rules: texts that sound like an emergency though no rule was written for their words.

A small model of four classes (110, 119, 120, none) that learnt from the rules' own words, from emergencies and their
look-alikes written by hand, and from ordinary reports. It never transfers anything: it makes the operator ask, and
tells a visitor whom to call in danger. What a rule found and set aside is not raised again.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from random import Random

from yiwang.apps.governance.triage.grammar import DATA, phrases, sentences, words_of
from yiwang.apps.governance.triage.judging import Hint, Judgement, Rules
from yiwang.apps.governance.triage.standing import first_rows, rules_on
from yiwang.engines.language.api import Model, Sample, train, unpacked

NONE = "none"
HEARD_FROM = 0.5
"""Share of certainty from which one is asked. A proposal."""
RUNS = 4000
_ORDINARY, _A_WORD, _BY_HAND = 12, 3, 4
"""Ordinary sentences of a class, sentences made with a rule's word, and how often those written by hand count."""


def written() -> list[Sample]:
    """Emergencies and what only sounds like them, written by hand: (text, service or none)."""
    with (DATA / "emergency_texts.csv").open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["target"] or NONE) for row in csv.DictReader(file)]


def _made() -> Iterator[Sample]:
    """Sentences around the words of the rules that ship."""
    chance = Random("emergencies")
    for row in first_rows("emergencies"):
        if row["severity"] == "ask":
            continue
        for word in row["words"].split():
            said = word.replace("*", "")
            for _ in range(_A_WORD):
                place, who, after = (chance.choice(words_of(slot)) for slot in ("place", "who", "after"))
                yield f"{place}{who}{said}{after}", row["target"]


def learnt() -> Model:
    """The model anew: a second of work, for `first_model.py`."""
    ordinary = [(text, NONE) for wording in phrases().values() for text in sentences(wording, _ORDINARY)]
    return train([*_made(), *written() * _BY_HAND, *ordinary], rounds=4).pruned(RUNS)


@cache
def _built_in() -> Model:
    return unpacked((DATA / "emergency_model.npz").read_bytes())


def hint(text: str) -> Hint | None:
    """The service the text sounds like it is for, when it does."""
    shares = _built_in().shares(text)
    certain = 1 - shares[NONE]
    if certain < HEARD_FROM:
        return None
    target = max((name for name in shares if name != NONE), key=shares.__getitem__)
    words = _built_in().reasons(text, target, 3)
    return Hint(target, certain, words) if words else None


def judge(text: str, at: datetime) -> Judgement:
    """By the rules in force; where they find nothing, with the hint of the model."""
    return judge_by(rules_on(at), text)


def judge_by(rules: Rules, text: str) -> Judgement:
    """By these rules, and the hint of the model."""
    judged = rules.judge(text)
    if judged.found or judged.aside or not text.strip():
        return judged
    found = hint(text)
    return replace(judged, ask=found.target, hint=found) if found else judged
