"""Words with which an app declares its decisions in Python.

    TABLE = DecisionTable(
        key="dispatch_limit", title="派遣时限", hit_policy="F",
        inputs=(Input("kind", "类别", type="string"), Input("is_urgent", "是否紧急", type="boolean")),
        outputs=(Output("hours", "小时", type="number"),),
        rules=(Rule('"manhole"', "true", gives="2"), Rule("-", "-", gives="24")),
    )

Cells are FEEL unary tests, results FEEL expressions. A fault stops the start with a SpecError that names the cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from yiwang.engines.feel.api import BASE_TYPES, FeelSyntaxError, base_type, compile_expression
from yiwang.engines.rules.dmn.document import DmnError, child
from yiwang.engines.rules.dmn.evaluation import Evaluation, evaluate_model
from yiwang.engines.rules.dmn.model import Model, load_model
from yiwang.engines.rules.dmn.table import HIT_POLICIES, Clause, Row, Table, document_of, read_table
from yiwang.kernel.app import Part
from yiwang.kernel.errors import SpecError, did_you_mean


@dataclass(frozen=True, slots=True)
class Input:
    """A condition column. `expression` is FEEL, mostly a name; `allowed` unary tests its values must pass."""

    expression: str
    title: str = ""
    type: str = ""
    allowed: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """A result column. `allowed` lists its values, highest priority first; `default` holds when no rule matches."""

    name: str
    title: str = ""
    type: str = ""
    allowed: str = ""
    default: str = ""


class Rule:
    """One row: a test for every input in order, then `gives`, one FEEL expression or a tuple with one per output."""

    __slots__ = ("gives", "note", "tests")

    def __init__(self, *tests: str, gives: str | tuple[str, ...], note: str = "") -> None:
        self.tests = tests
        self.gives = (gives,) if isinstance(gives, str) else gives
        self.note = note

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rule) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"Rule({', '.join(map(repr, self.tests))}, gives={self.gives!r})"

    def _key(self) -> tuple[Any, ...]:
        return self.tests, self.gives, self.note


@dataclass(frozen=True, kw_only=True)
class DecisionTable(Part):
    """A decision table (决策表, DMN). `hit_policy` is one of U A P F R O C C+ C< C> C#.

    U: at most one rule may match. A: all that match agree. P: the best by the order of the outputs' allowed values.
    F: the first. R, C: a list of all in rule order. O: a list in order of allowed values. C+ C< C> C#: the sum,
    least, greatest, count.
    """

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    hit_policy: str = "U"

    def __post_init__(self) -> None:
        super().__post_init__()
        where = f"DecisionTable '{self.key}'"
        if self.hit_policy not in HIT_POLICIES:
            known = " ".join(HIT_POLICIES)
            raise SpecError(where, f"hit policy '{self.hit_policy}' does not exist.", f"Use one of {known}.")
        if not self.inputs or not self.outputs:
            raise SpecError(where, "has no inputs or no outputs.", "Give it at least one of each.")
        for kind in [item.type for item in self.inputs] + [item.type for item in self.outputs]:
            if kind and base_type(kind) is None:
                raise SpecError(where, f"type '{kind}' does not exist.", did_you_mean(kind, BASE_TYPES))
        for number, rule in enumerate(self.rules, 1):
            if len(rule.tests) != len(self.inputs) or len(rule.gives) != len(self.outputs):
                wanted = f"{len(self.inputs)} tests and {len(self.outputs)} results"
                raise SpecError(
                    f"{where}, rule {number}", f"does not have {wanted}.", "Write '-' where anything will do."
                )
        if self.model.problems:
            raise SpecError(where, self.model.problems[0])

    @cached_property
    def table(self) -> Table:
        """The table as DMN has it."""
        return Table(
            tuple(Clause(item.expression, item.type, item.allowed, "", item.title) for item in self.inputs),
            tuple(Clause(item.name, item.type, item.allowed, item.default, item.title) for item in self.outputs),
            tuple(Row(rule.tests, rule.gives, rule.note) for rule in self.rules),
            self.hit_policy,
        )

    @cached_property
    def model(self) -> Model:
        """The table as a decision model of one decision named by the key."""
        try:
            return load_model(self.to_dmn())
        except DmnError as error:
            raise SpecError(f"DecisionTable '{self.key}'", str(error)) from error

    def evaluate(self, inputs: Mapping[str, Any]) -> Evaluation:
        """The result over inputs by name, with its trace. Never raises."""
        return evaluate_model(self.model, self.key, inputs)

    def to_dmn(self) -> bytes:
        """The table as a DMN 1.5 document."""
        needed: dict[str, str] = {}
        for item in self.inputs:
            for name in sorted(self._names_of(item)):
                needed.setdefault(name, item.type if name == item.expression else "")
        return document_of(self.key, self.title, self.table, needed)

    def _names_of(self, item: Input) -> frozenset[str]:
        try:
            return compile_expression(item.expression).names
        except FeelSyntaxError as error:
            raise SpecError(f"DecisionTable '{self.key}', input '{item.expression}'", str(error)) from error

    def to_json(self) -> dict[str, Any]:
        """The table as JSON data; `decision_table_from_json` reads it back."""
        return {
            "key": self.key,
            "title": self.title,
            "hit_policy": self.hit_policy,
            "inputs": [_filled(item, ("expression", "title", "type", "allowed")) for item in self.inputs],
            "outputs": [_filled(item, ("name", "title", "type", "allowed", "default")) for item in self.outputs],
            "rules": [
                {"tests": list(rule.tests), "gives": list(rule.gives)} | ({"note": rule.note} if rule.note else {})
                for rule in self.rules
            ],
        }


def _filled(item: Any, names: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name in names if (value := getattr(item, name))}


def decision_table_from_json(data: Mapping[str, Any]) -> DecisionTable:
    """The table of JSON data as `to_json` writes it; SpecError when it is not that."""
    try:
        return DecisionTable(
            key=data["key"],
            title=data["title"],
            hit_policy=data.get("hit_policy", "U"),
            inputs=tuple(Input(**item) for item in data["inputs"]),
            outputs=tuple(Output(**item) for item in data["outputs"]),
            rules=tuple(
                Rule(*rule["tests"], gives=tuple(rule["gives"]), note=rule.get("note", "")) for rule in data["rules"]
            ),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise SpecError("DecisionTable from JSON", f"is malformed: {error}.", "Write it with to_json().") from error


def decision_table_from_dmn(xml: bytes, decision: str | None = None) -> DecisionTable:
    """The table of a decision in a DMN document: the named one, or the only one. SpecError or DmnError otherwise."""
    model = load_model(xml)
    names = model.names("decision")
    item = model.named(decision or (names[0] if len(names) == 1 else ""), "decision")
    element = None if item is None else child(item.element, "decisionTable")
    if item is None or element is None:
        hint = did_you_mean(decision or "", names)
        raise SpecError("DecisionTable from DMN", f"finds no table of decision '{decision or ''}'.", hint)
    table = read_table(element)
    return DecisionTable(
        key=item.name,
        title=item.element.get("label") or item.name,
        hit_policy=table.hit_policy,
        inputs=tuple(Input(clause.text, clause.title, clause.type, clause.allowed) for clause in table.inputs),
        outputs=tuple(
            Output(clause.text, clause.title, clause.type, clause.allowed, clause.default) for clause in table.outputs
        ),
        rules=tuple(Rule(*row.tests, gives=row.outputs, note=row.note) for row in table.rows),
    )
