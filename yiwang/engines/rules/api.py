"""What other engines and apps may call of the rules engine."""

from yiwang.engines.rules.dmn.document import DmnError
from yiwang.engines.rules.dmn.evaluation import Evaluation, TraceRule, TraceStep
from yiwang.engines.rules.dmn.model import Model
from yiwang.engines.rules.dmn.model import dump_model as dump_dmn
from yiwang.engines.rules.dmn.model import load_model as load_dmn
from yiwang.engines.rules.feel.api import (
    DEFAULT_LIMITS,
    Expression,
    FeelSyntaxError,
    Limits,
    MonthsDuration,
    Outcome,
    Range,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
)

__all__ = [
    "DEFAULT_LIMITS",
    "DmnError",
    "Evaluation",
    "Expression",
    "FeelSyntaxError",
    "Limits",
    "Model",
    "MonthsDuration",
    "Outcome",
    "Range",
    "TraceRule",
    "TraceStep",
    "UnaryTests",
    "compile_expression",
    "compile_unary_tests",
    "dump_dmn",
    "load_dmn",
]
