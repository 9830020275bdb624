"""How good a model is on texts it has not seen: the figures one may quote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.engines.language.classifying import Model, Sample

BINS = 5


@dataclass(frozen=True)
class Bin:
    """Answers with a confidence from `low` to `high`: how many, how sure they were, how many were right (shares)."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Report:
    """Shares from 0 to 1; None where nothing was asked.

    `accuracy` counts the first guess, `top_three` any of the first three. Of answers at or above `threshold`: their
    share of all (`sure`) and how many of them were right (`sure_accuracy`). `calibration_error` is the mean distance
    between confidence and accuracy over the bins (ECE). `confused` lists (true class, guess, times), most first.
    """

    count: int
    accuracy: float | None
    top_three: float | None
    threshold: float
    sure: float | None
    sure_accuracy: float | None
    calibration_error: float | None
    bins: tuple[Bin, ...]
    confused: tuple[tuple[str, str, int], ...]


def report(model: Model, samples: Sequence[Sample], threshold: float = 0.6) -> Report:
    """The figures of a model on held-out samples. A class the model does not know counts as wrong."""
    answers = [(name, model.guesses(text, 3)) for text, name in samples]
    judged = [(guesses[0].confidence, guesses[0].name == name) for name, guesses in answers]
    certain = [right for confidence, right in judged if confidence >= threshold]
    bins = _bins(judged)
    wrong = Counter((name, guesses[0].name) for name, guesses in answers if guesses[0].name != name)
    return Report(
        count=len(samples),
        accuracy=_share([right for _, right in judged]),
        top_three=_share([name in {guess.name for guess in guesses} for name, guesses in answers]),
        threshold=threshold,
        sure=_share([confidence >= threshold for confidence, _ in judged]),
        sure_accuracy=_share(certain),
        calibration_error=sum(b.count * abs(b.confidence - b.accuracy) for b in bins) / len(judged) if judged else None,
        bins=bins,
        confused=tuple((name, guess, times) for (name, guess), times in wrong.most_common()),
    )


def _bins(judged: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    found = []
    for place in range(BINS):
        low, high = place / BINS, (place + 1) / BINS
        inside = [(sure, right) for sure, right in judged if low < sure <= high or (place == 0 and sure == 0)]
        if inside:
            mean, right = (sum(column) / len(inside) for column in zip(*inside, strict=True))
            found.append(Bin(low, high, len(inside), mean, right))
    return tuple(found)


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None
