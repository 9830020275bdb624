"""A small model that sorts short texts into classes: multinomial logistic regression over runs of 1 to 3 characters.

Trained in a second or two from (text, class) pairs, kept as plain arrays (no pickle), asked in a fraction of a
millisecond. The answer is a share for each class; `temperature` makes the shares honest (see `calibrated`).
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yiwang.engines.language.normalising import BREAK, normalised
from yiwang.kernel.errors import SpecError

SIZES = (1, 2, 3)
Numbers = NDArray[np.float32]
Sample = tuple[str, str]
"""A text and the class it belongs to."""


@dataclass(frozen=True)
class Guess:
    """A class and its share of certainty, 0 to 1."""

    name: str
    confidence: float


def pieces(text: str) -> list[str]:
    """Distinct runs of 1 to 3 characters of the normalised text, none across a break, in order."""
    found: dict[str, None] = {}
    for part in normalised(text).split(BREAK):
        for size in SIZES:
            for at in range(len(part) - size + 1):
                found[part[at : at + size]] = None
    return list(found)


@dataclass(frozen=True)
class Model:
    """What was learnt: one row of `weights` for each run of `vocabulary`, one column for each of `classes`."""

    classes: tuple[str, ...]
    vocabulary: tuple[str, ...]
    rarity: Numbers
    weights: Numbers
    bias: Numbers
    temperature: float = 1.0

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {piece: row for row, piece in enumerate(self.vocabulary)}

    def _known(self, text: str) -> tuple[list[int], Numbers]:
        """Rows of the runs the model knows, and their weight in this text: rare ones more, together of length 1."""
        rows = [row for piece in pieces(text) if (row := self._rows.get(piece)) is not None]
        values = self.rarity[rows]
        return rows, values / max(float(np.sqrt((values * values).sum())), 1e-6)

    def scores(self, text: str) -> Numbers:
        """Raw scores by class; a text of unknown signs has those of the bias."""
        rows, values = self._known(text)
        found = (values[:, None] * self.weights[rows]).sum(axis=0) + self.bias if rows else self.bias
        return np.asarray(found, dtype=np.float32)

    def guesses(self, text: str, at_most: int = 4) -> tuple[Guess, ...]:
        """The likeliest classes, likeliest first."""
        shares = softmax(self.scores(text)[None, :] / self.temperature)[0]
        best = np.argsort(-shares)[:at_most]
        return tuple(Guess(self.classes[place], float(shares[place])) for place in best)

    def shares(self, text: str) -> dict[str, float]:
        """The share of every class."""
        shares = softmax(self.scores(text)[None, :] / self.temperature)[0]
        return dict(zip(self.classes, map(float, shares), strict=True))

    def reasons(self, text: str, name: str, at_most: int = 4) -> tuple[str, ...]:
        """The runs that speak most for a class against the average of all, none inside another one."""
        rows, values = self._known(text)
        if not rows or name not in self.classes:
            return ()
        own = self.weights[rows][:, self.classes.index(name)] - self.weights[rows].mean(axis=1)
        ranked = sorted(zip(own * values, rows, strict=True), reverse=True)
        found: list[str] = []
        for weight, row in ranked:
            piece = self.vocabulary[row]
            if weight > 0 and len(piece) > 1 and not any(piece in other or other in piece for other in found):
                found.append(piece)
        return tuple(found[:at_most])

    def pruned(self, most: int) -> Model:
        """The model with only the `most` runs that say most of some class: smaller, and about as good."""
        if len(self.vocabulary) <= most:
            return self
        force = np.abs(self.weights).max(axis=1) * self.rarity
        kept = np.sort(np.argsort(-force, kind="stable")[:most])
        vocabulary = tuple(self.vocabulary[row] for row in kept)
        return replace(self, vocabulary=vocabulary, rarity=self.rarity[kept], weights=self.weights[kept])

    def packed(self) -> bytes:
        """The model in one compressed file of plain arrays; each row of weights in steps of 1/127 of its largest."""
        file = io.BytesIO()
        steps = np.maximum(np.abs(self.weights).max(axis=1, keepdims=True), 1e-6) / 127
        np.savez_compressed(
            file,
            classes=np.array("\n".join(self.classes).encode()),
            vocabulary=np.array("\n".join(self.vocabulary).encode()),
            rarity=self.rarity.astype(np.float16),
            weights=np.rint(self.weights / steps).astype(np.int8),
            steps=steps.astype(np.float32),
            bias=self.bias,
            temperature=np.array(self.temperature),
        )
        return file.getvalue()


def unpacked(content: bytes) -> Model:
    """The model `packed` wrote; a ValueError when the bytes are something else."""
    with np.load(io.BytesIO(content), allow_pickle=False) as kept:
        classes, vocabulary = (
            tuple(bytes(kept[name].item()).decode().split("\n")) for name in ("classes", "vocabulary")
        )
        rarity, weights, steps, bias = (
            kept[name].astype(np.float32) for name in ("rarity", "weights", "steps", "bias")
        )
        return Model(classes, vocabulary, rarity, weights * steps, bias, float(kept["temperature"]))


def softmax(scores: Numbers) -> Numbers:
    """Shares that add up to 1 in each row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def train(samples: Sequence[Sample], *, rounds: int = 3, at_least: int = 2, seed: int = 1) -> Model:
    """A model of these samples; the same samples give the same model.

    Runs of characters seen less than `at_least` times are left out. Adagrad over small batches, each made dense over
    the runs it holds, so that no sparse library is needed.
    """
    classes = tuple(sorted({name for _, name in samples}))
    if len(classes) < 2:
        raise SpecError("train()", f"{len(classes)} class(es) in {len(samples)} samples.", "Give at least two classes.")
    texts = [pieces(text) for text, _ in samples]
    seen = Counter(piece for text in texts for piece in text)
    vocabulary = tuple(sorted(piece for piece, count in seen.items() if count >= at_least))
    counts = np.array([seen[piece] for piece in vocabulary], dtype=np.float32)
    rarity = np.log((1 + len(samples)) / (1 + counts)).astype(np.float32) + 1
    width = (len(vocabulary), len(classes))
    model = Model(classes, vocabulary, rarity, np.zeros(width, np.float32), np.zeros(len(classes), np.float32))
    wanted = np.array([classes.index(name) for _, name in samples])
    _descend(model, [text for text, _ in samples], wanted, rounds, np.random.default_rng(seed))
    return model


def _descend(
    model: Model, texts: Sequence[str], wanted: NDArray[Any], rounds: int, chance: np.random.Generator, size: int = 128
) -> None:
    """Fits `weights` and `bias` in place."""
    known = [model._known(text) for text in texts]
    squares, bias_squares = np.full_like(model.weights, 1e-2), np.full_like(model.bias, 1e-2)
    for _ in range(rounds):
        order = chance.permutation(len(texts))
        for start in range(0, len(order), size):
            batch = [place for place in order[start : start + size] if known[place][0]]
            if not batch:
                continue
            runs = _Runs([known[place] for place in batch])
            error = softmax(runs.forward(model.weights) + model.bias)
            error[np.arange(len(batch)), wanted[batch]] -= 1
            slope = runs.backward(error)
            squares[runs.rows] += slope * slope
            model.weights[runs.rows] -= 0.5 * slope / np.sqrt(squares[runs.rows])
            change = error.sum(axis=0)
            bias_squares += change * change
            model.bias[:] -= 0.05 * change / np.sqrt(bias_squares)


class _Runs:
    """The runs of a batch of texts, in the order of texts and in the order of rows.

    Sums over both orders take the place of products of matrices: those would start the threads of a numeric library,
    which fight for the processor with everything else that runs there.
    """

    def __init__(self, batch: Sequence[tuple[list[int], Numbers]]) -> None:
        lengths = [len(rows) for rows, _ in batch]
        self._flat = np.concatenate([np.array(rows, dtype=np.int64) for rows, _ in batch])
        self._values = np.concatenate([values for _, values in batch]).astype(np.float32)[:, None]
        self._texts = np.repeat(np.arange(len(batch)), lengths)
        self._begins = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        self._by_row = np.argsort(self._flat, kind="stable")
        self.rows, self._row_begins = np.unique(self._flat[self._by_row], return_index=True)

    def forward(self, weights: Numbers) -> Numbers:
        """Raw scores: one row for each text."""
        return np.asarray(np.add.reduceat(weights[self._flat] * self._values, self._begins), dtype=np.float32)

    def backward(self, error: Numbers) -> Numbers:
        """The slope of each row of `rows`."""
        found = error[self._texts[self._by_row]] * self._values[self._by_row]
        return np.asarray(np.add.reduceat(found, self._row_begins), dtype=np.float32)


def calibrated(model: Model, samples: Iterable[Sample]) -> Model:
    """The model with the temperature under which its shares fit these samples best (least log loss).

    The samples must be texts the model has not learnt from, written as people write: shares fitted to the training
    sentences would promise far too much.
    """
    known = [(text, model.classes.index(name)) for text, name in samples if name in model.classes]
    if not known:
        return model
    scores = np.stack([model.scores(text) for text, _ in known])
    wanted = np.array([place for _, place in known])
    rows = np.arange(len(known))

    def loss(temperature: float) -> float:
        return float(-np.log(np.maximum(softmax(scores / temperature)[rows, wanted], 1e-9)).mean())

    best = min(np.geomspace(0.1, 10, 81), key=loss)
    return replace(model, temperature=float(best))
