"""Our own words in `extensionElements`: properties with a JSON value, checked before anything believes them.

`<yiwang:property name="within">{"amount": "2", "unit": "working_hour"}</yiwang:property>`
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from lxml import etree

from yiwang.engines.bpmn.document import MODEL, OWN, Element, child, line_of, named, text_of
from yiwang.engines.bpmn.errors import Problem
from yiwang.engines.bpmn.hints import nearest
from yiwang.engines.bpmn.timing import limit_text
from yiwang.engines.processes import spec
from yiwang.engines.rules.spec import decision_table_from_json
from yiwang.kernel.errors import SpecError

_RISES = frozenset({"urge", "supervise", "circulate"})
PROPERTY = f"{{{OWN}}}property"


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_open_text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000


def _is_limit(value: Any) -> bool:
    return limit_text(value) != ""


def _is_limit_or_text(value: Any) -> bool:
    return isinstance(value, str) or _is_limit(value)


def _is_rises(value: Any) -> bool:
    return _is_map(value) and all(share.isdigit() for share in value) and set(value.values()) <= _RISES


def _is_proof(value: Any) -> bool:
    texts = {"photo", "near", "since", "result"}
    return isinstance(value, dict) and all(isinstance(value.get(name), str) for name in texts)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_shares(value: Any) -> bool:
    return isinstance(value, list) and all(_is_count(item) and item > 0 for item in value)


def _is_map(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())


def _is_rights(value: Any) -> bool:
    return _is_map(value) and set(value.values()) <= {"hidden", "read", "write"}


def _is_forms(value: Any) -> bool:
    rows = value.values() if isinstance(value, dict) else [None]
    return all(isinstance(row, dict) and _are_fields(row.get("fields", [])) for row in rows)


def _are_fields(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _is_tables(value: Any) -> bool:
    try:
        return isinstance(value, dict) and all(decision_table_from_json(row) is not None for row in value.values())
    except SpecError:
        return False


def _is_many(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(item, (str, bool, type(None))) for item in value.values())


def _is_merging(value: Any) -> bool:
    into = value.get("into") if isinstance(value, dict) else None
    return isinstance(into, dict) and all(_is_map(taken) for taken in into.values())


_TESTS: tuple[tuple[Callable[[Any], bool], str, str], ...] = (
    (
        _is_text, "加引号的文字",
        "app key title subject category place by form at organisation assignee call table calls message name on throws "
        "outcome at_node when each item asks "
        "case_within ruling stage",
    ),
    (_is_open_text, "加引号的文字或 null", "result collect until"),
    (_is_flag, "true 或 false", "rated public stays keeps_clock terminate interrupting default sequential laid_out"),
    (_is_count, "整数", "format extensions approvals deferrals returns"),
    (_is_limit_or_text, '时限，例如 {"amount": "2", "unit": "working_day"}', "within after"),
    (_is_rises, '占比到处理方式的对象，例如 {"100": "urge"}', "escalates"),
    (_is_proof, '照片凭证的对象', "evidence"),
    (_is_texts, "文字的列表", "watchers facts deny node_order flow_order"),
    (_is_shares, "百分数的列表，例如 [50, 80, 100]", "warn_at"),
    (_is_map, '名称到文字的对象，例如 {"total": "count(list)"}', "sets payload inputs outputs demands"),
    (_is_rights, '字段权限，例如 {"kind": "read"}', "rights"),
    (_is_forms, "表单的对象", "forms"),
    (_is_tables, "决策表的对象", "tables"),
    (_is_many, "多实例的对象", "many"),
    (_is_merging, '并案去向的对象，例如 {"into": {"app.type": {"reply": "measure"}}}', "merging"),
)  # fmt: skip
TESTS: Mapping[str, tuple[Callable[[Any], bool], str]] = MappingProxyType(
    {name: (test, title) for test, title, names in _TESTS for name in names.split()}
)
"""The test of each property's value, and how messages describe a right one."""
_SPOKEN = (
    spec.Start, spec.End, spec.UserTask, spec.ServiceTask, spec.RuleTask, spec.SendTask, spec.ReceiveTask, spec.Catch,
    spec.Throw, spec.Boundary, spec.CallActivity, spec.Many, spec.CaseType,
)  # fmt: skip
NAMES = frozenset(TESTS) | {item.name for word in _SPOKEN for item in fields(word)} | {"kind", "parent"}


def write_properties(parent: Element, values: Mapping[str, Any]) -> None:
    """Put `extensionElements` with these properties first in an element; nothing when there are none."""
    if not values:
        return
    holder = etree.Element(f"{{{MODEL}}}extensionElements")
    parent.insert(0, holder)
    for name, value in sorted(values.items()):
        item = etree.SubElement(holder, PROPERTY, name=name)
        item.text = json.dumps(value, ensure_ascii=False, default=str)


def read_properties(parent: Element, problems: list[Problem], notes: list[Problem]) -> dict[str, Any]:
    """Our properties of an element. What cannot be believed becomes a problem, an unknown name a note."""
    holder = child(parent, "extensionElements")
    found: dict[str, Any] = {}
    for item in () if holder is None else holder.iterchildren(PROPERTY):
        name = item.get("name") or ""
        try:
            value = json.loads(text_of(item), parse_constant=_no_number)
        except (ValueError, RecursionError):
            what = f"扩展属性“{name}”的值不是有效的 JSON。"
            problems.append(Problem(named(parent), line_of(item), what, "文字要加双引号。"))
            continue
        test, title = TESTS.get(name, (None, ""))
        if test is not None and not test(value):
            problems.append(
                Problem(named(parent), line_of(item), f"扩展属性“{name}”的值不正确。", f"应为{title}。")
            )  # fmt: skip
            continue
        if name not in NAMES:
            now = nearest(name, NAMES)
            notes.append(Problem(named(parent), line_of(item), f"没有“{name}”这个扩展属性，它不起作用。", now))
        found[name] = value
    return found


def _no_number(name: str) -> Any:
    raise ValueError(name)
