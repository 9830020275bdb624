"""The door to evidence."""

from __future__ import annotations

from yiwang.engines.evidence.photographs import (
    CONTRADICTED,
    PROVEN,
    UNPROVEN,
    Judgement,
    Wanted,
    best,
    judge_one,
    metres_between,
)

__all__ = ["CONTRADICTED", "PROVEN", "UNPROVEN", "Judgement", "Wanted", "best", "judge_one", "metres_between"]
