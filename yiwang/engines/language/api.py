"""What others may call of language."""

from __future__ import annotations

from yiwang.engines.language.comparing import (
    Similarity,
    essence,
    grams,
    index_keys,
    score,
    shared_words,
    signature,
    similarity,
)
from yiwang.engines.language.normalising import folded, normalised, number_of

__all__ = [
    "Similarity",
    "essence",
    "folded",
    "grams",
    "index_keys",
    "normalised",
    "number_of",
    "score",
    "shared_words",
    "signature",
    "similarity",
]
