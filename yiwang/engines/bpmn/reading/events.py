"""Event definitions, messages and many-instance marks of a node, as fields of its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yiwang.engines.bpmn.document import FEEL, Element, child, children, line_of, local, named, reference, text_of
from yiwang.engines.bpmn.errors import Problem
from yiwang.engines.bpmn.kinds import EVENT_END, EVENT_TITLES, EVENTS, KIND_TITLES
from yiwang.engines.bpmn.timing import duration_fields, instant_fields, limit_text, plain_feel

Row = dict[str, Any]


class Names:
    """Messages, signals, errors and escalations of a file by id."""

    def __init__(self, root: Element) -> None:
        self._names: dict[str, str] = {}
        for element in children(root, "message", "signal", "error", "escalation"):
            code = element.get(f"{local(element)}Code") or element.get("name") or element.get("id") or ""
            self._names.setdefault(element.get("id") or "", code)

    def of(self, element: Element, attribute: str) -> str:
        """The name an attribute refers to; the bare reference when nothing has that id; '' without one."""
        name = reference(element.get(attribute))
        return self._names.get(name, name)


def expression(element: Element) -> str:
    """The FEEL of an expression element: as it stands when it says it is FEEL, else without wrapping."""
    text = text_of(element)
    return text if element.get("language") == FEEL else plain_feel(text)


def event_fields(element: Element, kind: str, names: Names, own: Mapping[str, Any], problems: list[Problem]) -> Row:
    """`on`, `name`, `after`, `at`, `terminate`, `throws` or `message`, as the event definitions of a node say."""
    row: Row = {}
    definitions = [item for item in children(element) if local(item).endswith(EVENT_END)]
    events = [(local(item).removesuffix(EVENT_END), item) for item in definitions]
    carried = [(event, item) for event, item in events if event in EVENTS[kind]]
    for event, item in events:
        if event not in EVENTS[kind] and event in ("timer", "message", "signal", "error", "escalation", "terminate"):
            what = f"{KIND_TITLES[kind]}节点不支持{EVENT_TITLES[event]}事件。"
            problems.append(Problem(named(element), line_of(item), what, _instead(kind)))
    if kind != "end" and len(events) > 1:
        what = "一个节点上有多个事件。"
        problems.append(Problem(named(element), line_of(element), what, "请分成几个节点，或改用事件网关。"))
    for event, item in carried:
        row |= _definition(element, kind, event, item, names, own, problems)
    return row


def _instead(kind: str) -> str:
    titles = "、".join(EVENT_TITLES[event] for event in sorted(EVENTS[kind]))
    return f"可用的有：{titles}。" if kind != "start" else "请改为普通开始或消息开始，在其后放等待事件。"


def _definition(
    element: Element,
    kind: str,
    event: str,
    item: Element,
    names: Names,
    own: Mapping[str, Any],
    problems: list[Problem],
) -> Row:
    if event == "terminate":
        return {"terminate": True}
    if event == "timer":
        return {"on": "timer", **_timer(element, item, own, problems)}
    name = names.of(item, f"{event}Ref")
    if kind == "start":
        return {"message": name} if name else {}
    found = {"throws" if kind == "end" else "on": event}
    return found | ({"name": name} if name else {})


def _timer(element: Element, item: Element, own: Mapping[str, Any], problems: list[Problem]) -> Row:
    """A limit in our own words holds as long as the standard text beside it is still the one we wrote."""
    row: Row = {}
    duration, instant = child(item, "timeDuration"), child(item, "timeDate")
    if instant is not None:
        is_feel = instant.get("language") == FEEL
        row |= {"at": text_of(instant)} if is_feel else instant_fields(text_of(instant))
    if duration is not None:
        text = text_of(duration).strip()
        if "after" in own and text in (own["after"], limit_text(own["after"])):
            return row | {"after": own["after"]}
        try:
            row |= {"at": text_of(duration)} if duration.get("language") == FEEL else duration_fields(text)
        except ValueError:
            what = f"按年或月的定时“{text}”没有确定的长度。"
            problems.append(Problem(named(element), line_of(duration), what, "请改用天数，例如 P30D。"))
    return row


def many_fields(element: Element, own: Mapping[str, Any]) -> Row:
    """Multi-instance marks; `own` are our properties on them."""
    row: Row = {}
    if element.get("isSequential") is not None:
        row["sequential"] = element.get("isSequential") == "true"
    item = child(element, "inputDataItem")
    if item is not None and item.get("name"):
        row["item"] = item.get("name")
    until = child(element, "completionCondition")
    if until is not None:
        row["until"] = expression(until)
    count = child(element, "loopCardinality")
    if count is not None and "each" not in own:
        row["each"] = f"for run in 1..({expression(count)}) return run"
    return {**own, **row}
