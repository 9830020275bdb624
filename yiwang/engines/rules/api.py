"""What other engines and apps may call of the rules engine."""

from yiwang.engines.rules.feel.errors import FeelSyntaxError
from yiwang.engines.rules.feel.expression import (
    Expression,
    Outcome,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
)
from yiwang.engines.rules.feel.limits import DEFAULT_LIMITS, Limits
from yiwang.engines.rules.feel.temporal import MonthsDuration
from yiwang.engines.rules.feel.values import Range

__all__ = [
    "DEFAULT_LIMITS",
    "Expression",
    "FeelSyntaxError",
    "Limits",
    "MonthsDuration",
    "Outcome",
    "Range",
    "UnaryTests",
    "compile_expression",
    "compile_unary_tests",
]
