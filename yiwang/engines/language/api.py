"""What others may call of language."""

from __future__ import annotations

from yiwang.engines.language.classifying import Guess, Model, Sample, calibrated, train, unpacked
from yiwang.engines.language.comparing import Similarity, essence, grams, score, shared_words, similarity
from yiwang.engines.language.normalising import folded, normalised, number_of
from yiwang.engines.language.patterns import Context, Match, Pattern, PatternSet, Span
from yiwang.engines.language.reporting import Bin, Report, report

__all__ = [
    "Bin", "Context", "Guess", "Match", "Model", "Pattern", "PatternSet", "Report", "Sample", "Similarity", "Span",
    "calibrated", "essence", "folded", "grams", "normalised", "number_of", "report", "score", "shared_words",
    "similarity", "train", "unpacked",
]  # fmt: skip
