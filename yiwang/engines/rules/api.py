"""What other engines and apps may call of the rules engine.

- `compile_expression(text, names=None) -> Expression`; `.evaluate(context) -> Outcome(value, reasons)`,
  `.value(context)`, `.is_true(context)` never raise; `.names` are the free names, `.check_names(known)` raises at the
  first unknown one.
- `compile_unary_tests(text, names=None) -> UnaryTests`; `.evaluate(value, context) -> Outcome`.
- `load_dmn(xml, imports=()) -> Model`; `model.evaluate(decision, inputs) -> Evaluation(value, trace, errors)`;
  `model.problems`, `model.inputs_of(decision)`; `dump_dmn(model) -> bytes`.

Only compiling and loading raise: FeelSyntaxError (line, column, message_zh, hint), DmnError (message_zh, line, hint).
"""

from yiwang.engines.feel.api import (
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
from yiwang.engines.rules.dmn.document import DmnError
from yiwang.engines.rules.dmn.evaluation import Evaluation, TraceRule, TraceStep
from yiwang.engines.rules.dmn.model import Model
from yiwang.engines.rules.dmn.model import dump_model as dump_dmn
from yiwang.engines.rules.dmn.model import load_model as load_dmn

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
