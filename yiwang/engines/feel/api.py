"""What other engines may use of FEEL; those above `rules` take it from `rules.api`."""

from yiwang.engines.feel import syntax
from yiwang.engines.feel.compiler import Code, Scope, compile_node
from yiwang.engines.feel.conforming import coerce
from yiwang.engines.feel.errors import FeelSyntaxError
from yiwang.engines.feel.expression import (
    Expression,
    Outcome,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
    guarded,
)
from yiwang.engines.feel.kinds import equal
from yiwang.engines.feel.limits import DEFAULT_LIMITS, MODEL_LIMIT, Limits, current, null, tick
from yiwang.engines.feel.loops import NAMED_TYPES, filtered, items_of, ordered, quantified, user_function, walk
from yiwang.engines.feel.numbers import CONTEXT
from yiwang.engines.feel.temporal import MonthsDuration
from yiwang.engines.feel.temporal_text import parse_date, parse_date_time, parse_duration, parse_time
from yiwang.engines.feel.text_functions import inner_text
from yiwang.engines.feel.types import ANY, BASE_TYPES, FeelType, base_type
from yiwang.engines.feel.values import Function, Range, from_python, to_python

__all__ = [
    "ANY",
    "BASE_TYPES",
    "CONTEXT",
    "DEFAULT_LIMITS",
    "MODEL_LIMIT",
    "NAMED_TYPES",
    "Code",
    "Expression",
    "FeelSyntaxError",
    "FeelType",
    "Function",
    "Limits",
    "MonthsDuration",
    "Outcome",
    "Range",
    "Scope",
    "UnaryTests",
    "base_type",
    "coerce",
    "compile_expression",
    "compile_node",
    "compile_unary_tests",
    "current",
    "equal",
    "filtered",
    "from_python",
    "guarded",
    "inner_text",
    "items_of",
    "null",
    "ordered",
    "parse_date",
    "parse_date_time",
    "parse_duration",
    "parse_time",
    "quantified",
    "syntax",
    "tick",
    "to_python",
    "user_function",
    "walk",
]
