"""One evaluation of a decision: walks the requirement graph, each decision once, and keeps the trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.engines.feel.api import (
    DEFAULT_LIMITS,
    NAMED_TYPES,
    Function,
    Limits,
    coerce,
    current,
    from_python,
    guarded,
    null,
    to_python,
)
from yiwang.engines.rules.dmn.document import DmnError
from yiwang.engines.rules.dmn.model import Item, Model
from yiwang.engines.rules.dmn.table_run import TableTrace
from yiwang.kernel.errors import did_you_mean

_TRACE_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class TraceRule:
    """A rule that matched: its number from 1, the cells as written, its note."""

    number: int
    tests: tuple[str, ...]
    outputs: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One thing decided: a `table` with its inputs and matched rules, or a `decision` with its value."""

    kind: str
    name: str
    value: Any = None
    inputs: tuple[tuple[str, Any], ...] = ()
    rules: tuple[TraceRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`value` as plain Python; `trace` in order of deciding; `errors` in Chinese, why parts came to null."""

    value: Any
    trace: tuple[TraceStep, ...]
    errors: tuple[str, ...]


class Session:
    """Values found so far in one evaluation. A call of a decision service is a session of its own."""

    def __init__(self, model: Model, inputs: Mapping[str, Any], given: Mapping[str, Any] | None = None) -> None:
        self._model = model
        self._inputs = inputs
        self._given = given or {}
        self._values: dict[int, Any] = {}
        self._running: set[int] = set()

    def value_of(self, item: Item) -> Any:
        """What an element stands for in an expression: a value, or a function."""
        key = id(item)
        if key in self._values:
            return self._values[key]
        if key in self._running:
            return null(f"“{item.name}”循环引用了自己")
        self._running.add(key)
        current.run.enter()
        try:
            value = self._values[key] = self._found(item)
        finally:
            self._running.discard(key)
            current.run.leave()
        return value

    def _found(self, item: Item) -> Any:
        if item.kind == "inputData" or (item.kind == "decision" and item.id in self._given):
            return self._input(item)
        if item.kind == "decisionService":
            return self._service(item)
        if item.problem:
            return null(item.problem)
        if item.code is None:
            return null(f"“{item.name}”没有决策逻辑")
        if item.kind == "businessKnowledgeModel":
            return self._knowledge(item)
        value = coerce(item.code(self._scope(item)), item.type, f"决策“{item.name}”")
        traces = current.run.traces
        if traces is not None and len(traces) < _TRACE_LIMIT:
            traces.append(TraceStep("decision", item.name, value))
        return value

    def _input(self, item: Item) -> Any:
        source = self._given if item.id in self._given else self._inputs
        key = item.id if item.id in self._given else item.name
        if key not in source:
            return null(f"缺少输入“{item.name}”")
        return coerce(source[key], item.type, f"输入“{item.name}”")

    def _scope(self, item: Item) -> dict[str, Any]:
        scope: dict[str, Any] = {NAMED_TYPES: item.model.types.find}
        for href in item.requires:
            other = item.model.find(href)
            if other is None:
                continue
            prefix = None if other.model is item.model else item.model.prefix_of(other.model)
            if prefix is None:
                scope[other.name] = self.value_of(other)
            else:
                scope.setdefault(prefix, {})[other.name] = self.value_of(other)
        return scope

    def _knowledge(self, item: Item) -> Any:
        """The function of a knowledge model, which may call itself."""
        scope: dict[str, Any] = {}
        own: list[Function] = []

        def call(arguments: list[Any]) -> Any:
            return own[0].call(arguments)

        if item.code is None:
            return None
        probe = item.code({})
        if not isinstance(probe, Function):
            return probe
        outer = Function(item.name, probe.parameters, call, probe.types)
        self._values[id(item)] = outer
        scope |= self._scope(item) | {item.name: outer}
        own.append(item.code(scope))
        return outer

    def _service(self, item: Item) -> Any:
        service = item.model.service(item)
        parts = [found for href in (*service.inputs, *service.decisions) if (found := item.model.find(href))]
        names = tuple(part.name for part in parts)

        def call(arguments: list[Any]) -> Any:
            if len(arguments) != len(parts):
                return null(f"决策服务 {item.name} 需要 {len(parts)} 个参数，得到 {len(arguments)} 个")
            given = {}
            for part, value in zip(parts, arguments, strict=True):
                given[part.id] = coerce(value, part.type, f"参数“{part.name}”")
                if given[part.id] is None and value is not None:
                    return None
            return Session(item.model, {}, given).outputs(item)

        return Function(item.name, names, call, tuple(part.type for part in parts), item.type)

    def outputs(self, item: Item) -> Any:
        """The result of a decision service: one decision's value, or several by name."""
        found = [part for href in item.model.service(item).outputs if (part := item.model.find(href))]
        values = {part.name: self.value_of(part) for part in found}
        return coerce(values[found[0].name] if len(found) == 1 else values, item.type, f"决策服务“{item.name}”")


def evaluate_model(
    model: Model, name: str, inputs: Mapping[str, Any], *, limits: Limits = DEFAULT_LIMITS
) -> Evaluation:
    """Evaluate a decision, knowledge model or decision service by name or id over Python inputs by name.

    Raises DmnError for a name the model does not have; nothing else.
    """
    item = model.named(name, "decision", "decisionService", "businessKnowledgeModel")
    if item is None:
        known = [*model.names("decision"), *model.names("decisionService")]
        hint = did_you_mean(name, known).replace("Did you mean", "您是不是要找").replace("Known:", "已有：")
        raise DmnError(f"模型中没有名为“{name}”的决策。", hint=hint)
    traces: list[Any] = []

    def work() -> Any:
        current.run.traces = traces
        session = Session(model, {key: from_python(value) for key, value in inputs.items()})
        return to_python(_invoked(session, item))

    outcome = guarded(work, limits)
    steps = guarded(lambda: tuple(_step(trace) for trace in traces[:_TRACE_LIMIT]))
    return Evaluation(outcome.value, steps.value or (), outcome.reasons)


def _invoked(session: Session, item: Item) -> Any:
    value = session.value_of(item)
    if item.kind == "decision" or not isinstance(value, Function):
        return value
    names = value.parameters
    return value.call([session._inputs.get(name) for name in names])


def _step(trace: Any) -> TraceStep:
    if isinstance(trace, TableTrace):
        inputs = tuple((text, to_python(value)) for text, value in trace.inputs)
        rules = tuple(TraceRule(number, row.tests, row.outputs, row.note) for number, row in trace.rules)
        return TraceStep("table", trace.table, None, inputs, rules)
    return TraceStep(trace.kind, trace.name, to_python(trace.value))
