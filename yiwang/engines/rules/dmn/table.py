"""A decision table as data, from DMN XML and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from yiwang.engines.rules.dmn.document import (
    NAMESPACE,
    DmnError,
    Element,
    child,
    children,
    name_of,
    text_in,
    type_in,
)

POLICIES = {
    "UNIQUE": "U",
    "ANY": "A",
    "PRIORITY": "P",
    "FIRST": "F",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
    "COLLECT": "C",
}
AGGREGATIONS = {"SUM": "+", "MIN": "<", "MAX": ">", "COUNT": "#"}
HIT_POLICIES = ("U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>", "C#")


@dataclass(frozen=True, slots=True)
class Clause:
    """A column: `text` is the input's expression or the output's name, `allowed` unary tests, `default` FEEL."""

    text: str
    type: str = ""
    allowed: str = ""
    default: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A rule: one unary test per input and one expression per output, both as FEEL text."""

    tests: tuple[str, ...]
    outputs: tuple[str, ...]
    note: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    inputs: tuple[Clause, ...]
    outputs: tuple[Clause, ...]
    rows: tuple[Row, ...]
    hit_policy: str = "U"


def read_table(element: Element) -> Table:
    """The table of a `decisionTable` element; raises DmnError."""
    inputs = tuple(_read_input(item) for item in children(element, "input"))
    outputs = tuple(_read_output(item) for item in children(element, "output"))
    rows = tuple(_read_row(item, len(inputs), len(outputs)) for item in children(element, "rule"))
    policy = POLICIES.get(element.get("hitPolicy", "UNIQUE"))
    aggregation = element.get("aggregation")
    if policy is None or (aggregation is not None and aggregation not in AGGREGATIONS):
        raise DmnError("决策表的命中策略无法识别。", line=element.sourceline or 0)
    sign = AGGREGATIONS[aggregation] if aggregation and policy == "C" else ""
    return Table(inputs, outputs, rows, policy + sign)


def _read_input(item: Element) -> Clause:
    expression = child(item, "inputExpression")
    return Clause(
        text_in(expression), type_in(expression), text_in(child(item, "inputValues")), "", item.get("label", "")
    )


def _read_output(item: Element) -> Clause:
    allowed, default = text_in(child(item, "outputValues")), text_in(child(item, "defaultOutputEntry"))
    return Clause(name_of(item), type_in(item), allowed, default, item.get("label", ""))


def _read_row(item: Element, input_count: int, output_count: int) -> Row:
    tests = tuple(text_in(entry) or "-" for entry in children(item, "inputEntry"))
    outputs = tuple(text_in(entry) for entry in children(item, "outputEntry"))
    if len(tests) != input_count or len(outputs) != output_count:
        raise DmnError("决策表的规则与列数不符。", line=item.sourceline or 0, hint="请补齐单元格，不限的条件填 -。")
    note = "；".join(filter(None, (text_in(entry) for entry in children(item, "annotationEntry"))))
    return Row(tests, outputs, note, item.get("id", ""))


def _add(parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    made = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", {key: value for key, value in attributes.items() if value})
    if text is not None:
        etree.SubElement(made, f"{{{NAMESPACE}}}text").text = text
    return made


def write_table(parent: Element, table: Table) -> Element:
    """Append the `decisionTable` element of a table."""
    names = {short: name for name, short in POLICIES.items()}
    signs = {sign: name for name, sign in AGGREGATIONS.items()}
    policy, sign = table.hit_policy[0], table.hit_policy[1:]
    element = _add(parent, "decisionTable", hitPolicy=names[policy], aggregation=signs.get(sign, ""))
    for clause in table.inputs:
        item = _add(element, "input", label=clause.title)
        _add(item, "inputExpression", clause.text, typeRef=clause.type)
        if clause.allowed:
            _add(item, "inputValues", clause.allowed)
    for clause in table.outputs:
        item = _add(element, "output", name=clause.text, label=clause.title, typeRef=clause.type)
        if clause.allowed:
            _add(item, "outputValues", clause.allowed)
        if clause.default:
            _add(item, "defaultOutputEntry", clause.default)
    if any(row.note for row in table.rows):
        _add(element, "annotation", name="说明")
    for row in table.rows:
        _write_row(element, row, has_note=any(other.note for other in table.rows))
    return element


def _write_row(element: Element, row: Row, *, has_note: bool) -> None:
    item = _add(element, "rule", id=row.id)
    for test in row.tests:
        _add(item, "inputEntry", test)
    for output in row.outputs:
        _add(item, "outputEntry", output)
    if has_note:
        _add(item, "annotationEntry", row.note)


def document_of(key: str, title: str, table: Table, inputs: Mapping[str, str]) -> bytes:
    """A DMN document with one decision that is this table; `inputs` are its input data, name to type."""
    root = etree.Element(f"{{{NAMESPACE}}}definitions", nsmap={None: NAMESPACE})
    for name, value in (("id", f"definitions_{key}"), ("name", title), ("namespace", f"urn:yiwang:rules:{key}")):
        root.set(name, value)
    decision = _add(root, "decision", id=key, name=key, label=title)
    single = table.outputs[0].type if len(table.outputs) == 1 and table.hit_policy in ("U", "A", "P", "F") else ""
    _add(decision, "variable", name=key, typeRef=single)
    for number, (name, kind) in enumerate(inputs.items(), 1):
        _add(_add(decision, "informationRequirement"), "requiredInput", href=f"#input_{number}")
        _add(_add(root, "inputData", id=f"input_{number}", name=name), "variable", name=name, typeRef=kind)
    write_table(decision, table)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
