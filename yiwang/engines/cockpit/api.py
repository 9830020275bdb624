"""The door to figures: ask for many at once, see the facts behind one, freeze a period, score."""

from __future__ import annotations

from yiwang.engines.cockpit.indicators.asking import Question
from yiwang.engines.cockpit.indicators.catalogue import Declared, group_title, indicators
from yiwang.engines.cockpit.indicators.drilling import PARTS, FactPage, facts_behind
from yiwang.engines.cockpit.indicators.figures import Answer, Figure, answer, require_facts
from yiwang.engines.cockpit.indicators.freezing import (
    FREEZE,
    Change,
    Correction,
    Frozen,
    correct,
    differences,
    freeze,
    frozen_figures,
    frozen_periods,
    is_league_published,
    publish_league,
)
from yiwang.engines.cockpit.indicators.periods import KINDS, Period, months_up_to, period_of, read_period, today
from yiwang.engines.cockpit.indicators.rounding import difference, growth, percent, quotient, rounded
from yiwang.engines.cockpit.indicators.scoring import Rule, total

__all__ = [
    "FREEZE", "KINDS", "PARTS", "Answer", "Change", "Correction", "Declared", "FactPage", "Figure", "Frozen",
    "Period", "Question", "Rule", "answer", "correct", "difference", "differences", "facts_behind", "freeze",
    "frozen_figures", "frozen_periods", "group_title", "growth", "indicators", "is_league_published", "months_up_to",
    "percent", "period_of", "publish_league", "quotient", "read_period", "require_facts", "rounded", "today", "total",
]  # fmt: skip
