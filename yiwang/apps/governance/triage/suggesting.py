"""Which class a text belongs to: asked of the model in use, with its confidence and the words that speak for it.

A text the model has no word of gets no suggestion.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from threading import Lock
from time import monotonic
from typing import Any

from yiwang.apps.governance.triage.grammar import DATA
from yiwang.apps.governance.triage.models import LearntModel
from yiwang.apps.governance.triage.standing import ClassFacts, classes_on, sure_from
from yiwang.engines.language.api import Model, Sample, calibrated, train, unpacked

LOOK_AGAIN = 10.0
"""Seconds after which a process asks whether another model is in use."""
RUNS = 6000
"""Runs of characters a model keeps; more is no better on the calibration texts."""
FEWEST_SIGNS = 4
"""Shorter texts say too little for a suggestion."""


@dataclass(frozen=True)
class Likely:
    """A class with its share of certainty, 0 to 1."""

    class_code: str
    title: str
    category: str
    confidence: float


@dataclass(frozen=True)
class Suggestion:
    """`best` and up to three `others`, likeliest first; `words` speak for the best. Empty for a text too short.

    Below `sure_from` a person chooses: `is_sure` is false.
    """

    best: Likely | None = None
    others: tuple[Likely, ...] = ()
    is_sure: bool = False
    sure_from: float = 0.0
    words: tuple[str, ...] = ()
    version: int = 0

    def advice(self) -> dict[str, Any]:
        """Plain values for the facts of a case."""
        if self.best is None:
            return {"class_code": "", "title": "", "confidence": 0.0, "is_sure": False}
        return {
            "class_code": self.best.class_code,
            "title": self.best.title,
            "category": self.best.category,
            "confidence": round(self.best.confidence, 3),
            "is_sure": self.is_sure,
            "others": [one.class_code for one in self.others],
        }


def texts_of(name: str) -> list[Sample]:
    """Sentences written by hand, with the class each belongs to: `held_out` or `calibration`."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["class_code"]) for row in csv.DictReader(file)]


def learnt_from(samples: Sequence[Sample]) -> Model:
    """A model of these samples, made small, its confidence fitted to texts written by hand."""
    return calibrated(train(samples).pruned(RUNS), texts_of("calibration"))


@cache
def built_in() -> Model:
    """The model that ships, version 0: learnt from the grammar by `first_model.py`."""
    return unpacked((DATA / "first_model.npz").read_bytes())


class _InUse:
    """The model of this process and when it was last compared with the table."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.version, self._model, self._seen = 0, None, -LOOK_AGAIN  # type: int, Model | None, float

    def get(self) -> tuple[int, Model]:
        """(version, model)."""
        with self._lock:
            if monotonic() - self._seen >= LOOK_AGAIN:
                self._look()
            return self.version, self._model or built_in()

    def _look(self) -> None:
        found = LearntModel.objects.filter(state="in_use").values_list("pk", flat=True).first() or 0
        if found != self.version:
            packed = LearntModel.objects.values_list("packed", flat=True).get(pk=found) if found else None
            self._model = unpacked(bytes(packed)) if packed else None
            self.version = found
        self._seen = monotonic()

    def forget(self) -> None:
        """Look at the table with the next question."""
        self._seen = -LOOK_AGAIN


in_use = _InUse()


def suggest(text: str, at: datetime) -> Suggestion:
    """The likeliest classes of a text among those of the catalogue in force."""
    threshold = sure_from(at)
    if len(text.strip()) < FEWEST_SIGNS:
        return Suggestion(sure_from=threshold)
    version, model = in_use.get()
    known = classes_on(at)
    likely = [_likely(guess.name, guess.confidence, known) for guess in _guesses(model, text, known)]
    if not likely:
        return Suggestion(sure_from=threshold, version=version)
    best = likely[0]
    words = model.reasons(text, best.class_code)
    is_sure = best.confidence >= threshold and bool(words)
    return Suggestion(best, tuple(likely[1:]), is_sure, threshold, words, version)


def _guesses(model: Model, text: str, known: Any) -> Sequence[Any]:
    """Four guesses; those of classes no longer in the catalogue give way."""
    found = model.guesses(text, 8)
    return [guess for guess in found if not known or guess.name in known][:4]


def _likely(code: str, confidence: float, known: Any) -> Likely:
    facts: ClassFacts | None = known.get(code)
    return Likely(code, facts.title if facts else code, facts.category if facts else "", confidence)
