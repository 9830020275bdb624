"""Event definitions and many-instance marks of a node; each function tells which fields it has said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from yiwang.engines.bpmn.document import FEEL, INSTANCE, MODEL, Element
from yiwang.engines.bpmn.extension import write_properties
from yiwang.engines.bpmn.kinds import EVENT_END, EVENTS
from yiwang.engines.bpmn.timing import duration_fields, limit_text, timer_texts
from yiwang.engines.processes.api import ACTIVITIES

Row = Mapping[str, Any]
DeclaredId = Callable[[str, str], str]


def feel_element(parent: Element, tag: str, text: str) -> None:
    """An expression that says that it is FEEL, so that it is read back to the letter."""
    element = etree.SubElement(parent, f"{{{MODEL}}}{tag}", language=FEEL)
    element.set(f"{{{INSTANCE}}}type", "bpmn:tFormalExpression")
    element.text = text


def write_event(element: Element, node: Row, declared_id: DeclaredId) -> set[str]:
    """The event definitions of a node."""
    kind = node["kind"]
    if kind not in EVENTS:
        return set()
    said: set[str] = set()
    if node.get("terminate") is True and kind == "end":
        _definition(element, "terminate")
        said.add("terminate")
    field = {"start": "message", "end": "throws"}.get(kind, "on")
    event = ("message" if node.get("message") else None) if kind == "start" else node.get(field)
    if event not in EVENTS[kind] or event == "terminate":
        return said
    definition = _definition(element, event)
    if event == "timer":
        return said | {field} | _timer(definition, node)
    named = "message" if kind == "start" else "name"
    if node.get(named):
        definition.set(f"{event}Ref", declared_id(event, node[named]))
        said.add(named)
    return said | {field}


def _definition(element: Element, event: str) -> Element:
    return etree.SubElement(element, f"{{{MODEL}}}{event}{EVENT_END}")


def _timer(definition: Element, node: Row) -> set[str]:
    if isinstance(node.get("after"), str):
        feel_element(definition, "timeDuration", node["after"])
        return set()
    if "after" in node:
        text = limit_text(node["after"])
        if text:
            _iso(definition, "timeDuration", text)
        return {"after"} if text and duration_fields(text) == {"after": node["after"]} else set()
    if not node.get("at"):
        return set()
    plain = timer_texts(node["at"])
    if plain is None:
        feel_element(definition, "timeDate", node["at"])
    else:
        _iso(definition, *plain)
    return {"at"}


def _iso(definition: Element, tag: str, text: str) -> None:
    element = etree.SubElement(definition, f"{{{MODEL}}}{tag}")
    element.set(f"{{{INSTANCE}}}type", "bpmn:tFormalExpression")
    element.text = text


def write_many(element: Element, node: Row) -> set[str]:
    """The many-instance marks of an activity."""
    many = node.get("many")
    if node["kind"] not in ACTIVITIES or not isinstance(many, Mapping):
        return set()
    marks = etree.SubElement(element, f"{{{MODEL}}}multiInstanceLoopCharacteristics")
    rest = dict(many)
    if isinstance(many.get("sequential"), bool):
        marks.set("isSequential", str(rest.pop("sequential")).lower())
    if many.get("item"):
        etree.SubElement(marks, f"{{{MODEL}}}inputDataItem", name=rest.pop("item"))
    if many.get("until"):
        feel_element(marks, "completionCondition", rest.pop("until"))
    write_properties(marks, rest)
    return {"many"}
