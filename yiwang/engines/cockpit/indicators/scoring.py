"""Points for a rate, as assessment rules of cities give them: full from a threshold on, less for what is missing below.

How a part of a point below counts is said by no source seen: it counts in proportion (a proposal).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from yiwang.engines.cockpit.indicators.rounding import rounded


@dataclass(frozen=True)
class Rule:
    """Full `points` for `threshold` percent and above, `loss` fewer for each percentage point below, never below zero.

    With `points` of zero the rule only takes away: what is missing counts as negative, without an end.
    """

    threshold: Decimal
    points: Decimal
    loss: Decimal

    def score(self, rate: Decimal | None) -> Decimal | None:
        """Points for the rate; None without one, for nobody is blamed for what did not happen."""
        if rate is None:
            return None
        lost = max(self.threshold - rate, Decimal(0)) * self.loss
        return rounded(self.points - lost if self.points == 0 else max(self.points - lost, Decimal(0)))


def total(scores: list[Decimal | None]) -> Decimal | None:
    """The sum of what was scored; None when nothing was."""
    known = [score for score in scores if score is not None]
    return sum(known, Decimal(0)) if known else None
