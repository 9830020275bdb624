"""Run the public DMN conformance cases against this engine: `python -m yiwang.engines.rules.conformance FOLDER`.

FOLDER is a checkout of the cases, or any folder in it. Prints a table by group, then every failure. The cases are not
part of this project; fetch them from the DMN TCK.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from yiwang.engines.feel.api import (
    Limits,
    equal,
    from_python,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
)
from yiwang.engines.rules.dmn.document import DmnError, Element, child, children, parse_xml
from yiwang.engines.rules.dmn.evaluation import evaluate_model
from yiwang.engines.rules.dmn.model import Model, load_model

_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_LIMITS = Limits(steps=5_000_000, seconds=20.0)


@dataclass(frozen=True, slots=True)
class Result:
    """One expectation of one case. `fault` is empty when it was met."""

    group: str
    case: str
    fault: str = ""


def run_folder(folder: Path) -> Iterator[Result]:
    """Every expectation below a folder, group by group."""
    for group in sorted({path.parent for path in folder.rglob("*-test-*.xml")}):
        for path in sorted(group.glob("*-test-*.xml")):
            yield from _run_file(path)


def _run_file(path: Path) -> Iterator[Result]:
    root = parse_xml(path.read_bytes())
    group = f"{path.parent.parent.name}/{path.parent.name}"
    try:
        model = _model(path.parent, _text(root, "modelName"))
    except (DmnError, OSError) as error:
        model = None
        fault = str(error)
    for case in children(root, "testCase"):
        for node in children(case, "resultNode"):
            name = f"{case.get('id')} {node.get('name')}"
            yield Result(group, name, fault if model is None else _check(model, case, node))


def _model(folder: Path, name: str) -> Model:
    others = [path.read_bytes() for path in sorted(folder.glob("*.dmn")) if path.name != name]
    return load_model((folder / name).read_bytes(), others)


def _check(model: Model, case: Element, node: Element) -> str:
    inputs = {part.get("name", ""): value_of(part) for part in children(case, "inputNode")}
    kind, target = case.get("type", "decision"), node.get("name", "")
    if kind != "decision" and case.get("invocableName"):
        target = case.get("invocableName", "")
    try:
        found = from_python(evaluate_model(model, target, inputs, limits=_LIMITS).value)
    except DmnError as error:
        return str(error)
    if isinstance(found, dict) and node.get("name") in found and kind == "decisionService":
        found = found[node.get("name")]
    expected_in = child(node, "expected")
    wanted = None if expected_in is None else value_of(expected_in)
    return "" if agrees(found, wanted) else f"应为 {wanted!r}，得到 {found!r}"


def agrees(found: Any, wanted: Any) -> bool:
    """Whether a value is the expected one; numbers may differ beyond their 8th digit after the point."""
    if isinstance(found, Decimal) and isinstance(wanted, Decimal):
        return abs(found - wanted) < Decimal("1e-8") or found == wanted
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(agrees, found, wanted))
    if isinstance(found, dict) and isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(agrees(found[key], wanted[key]) for key in wanted)
    return type(found) is type(wanted) and equal(found, wanted) is True


def value_of(element: Element) -> Any:
    """The value an element of a test file holds."""
    items = child(element, "list")
    if items is not None and items.get(_NIL) != "true":
        return [value_of(item) for item in children(items, "item")]
    components = list(children(element, "component"))
    if components:
        return {part.get("name", ""): value_of(part) for part in components}
    value = child(element, "value")
    return None if value is None or value.get(_NIL) == "true" else _scalar(value)


def _scalar(value: Element) -> Any:
    text, kind = value.text or "", (value.get(_TYPE) or "").rpartition(":")[2]
    readers = {"date": parse_date, "dateTime": parse_date_time, "time": parse_time, "duration": parse_duration}
    if kind in readers:
        return readers[kind](text.strip())
    if kind in ("string", ""):
        return text
    if kind == "boolean":
        return text.strip() in ("true", "1")
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return text


def _text(element: Element, name: str) -> str:
    found = child(element, name)
    return "" if found is None else (found.text or "").strip()


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        sys.stderr.write("用法：python -m yiwang.engines.rules.conformance 测试用例文件夹\n")
        return 2
    results = list(run_folder(Path(arguments[0])))
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(result.group, []).append(result)
    for group, members in groups.items():
        passed = sum(not result.fault for result in members)
        sys.stdout.write(f"{'ok ' if passed == len(members) else '   '}{group:70} {passed:>4}/{len(members)}\n")
    failures = [result for result in results if result.fault]
    for result in failures:
        sys.stdout.write(f"- {result.group} {result.case}: {result.fault[:200]}\n")
    whole = sum(all(not result.fault for result in members) for members in groups.values())
    sys.stdout.write(f"{len(results) - len(failures)}/{len(results)} results, {whole}/{len(groups)} groups\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
