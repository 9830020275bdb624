"""What a file says that is not carried: refused with a way around it, or left aside and listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from yiwang.engines.bpmn.document import MODEL, OWN, Element, is_model, line_of, local, named
from yiwang.engines.bpmn.errors import Problem
from yiwang.engines.bpmn.kinds import KINDS, REFUSED, REFUSED_FLAGS

_CARRIED = frozenset(KINDS) | {
    "sequenceFlow", "extensionElements", "incoming", "outgoing", "conditionExpression", "completionCondition",
    "multiInstanceLoopCharacteristics", "inputDataItem", "loopCardinality", "timeDuration", "timeDate", "flowNodeRef",
    "messageEventDefinition", "signalEventDefinition", "errorEventDefinition", "escalationEventDefinition",
    "timerEventDefinition", "terminateEventDefinition",
}  # fmt: skip
_REFUSED_NODES = frozenset(name for name in REFUSED if not name.endswith(("Definition", "Characteristics", "Cycle")))
_LEFT_ASIDE = {
    "laneSet": "泳道", "lane": "泳道", "documentation": "说明", "textAnnotation": "注释", "association": "关联",
    "group": "分组", "dataObject": "数据对象", "dataObjectReference": "数据对象", "dataStoreReference": "数据存储",
    "ioSpecification": "数据输入输出", "dataInputAssociation": "数据输入输出", "dataOutputAssociation": "数据输入输出",
    "property": "流程变量", "performer": "资源", "potentialOwner": "资源", "humanPerformer": "资源",
    "resourceRole": "资源",
}  # fmt: skip


def refusals(process: Element) -> Iterator[Problem]:
    """Everything in a process that is not carried and must not be passed over in silence."""
    for element in process.iter(f"{{{MODEL}}}*"):
        for flag, (what, now) in REFUSED_FLAGS.items():
            if element.get(flag) == "true":
                yield Problem(named(element), line_of(element), what, now)
        if local(element) in REFUSED:
            what, now = REFUSED[local(element)]
            yield Problem(named(_owner(element)), line_of(element), what, now)


def _owner(element: Element) -> Element:
    """The node an element belongs to: itself, or the one it says something about."""
    around: Element | None = element
    while around is not None and (local(around) not in KINDS and local(around) not in _REFUSED_NODES):
        around = around.getparent()
    return element if around is None else around


def left_aside(process: Element) -> Iterator[Problem]:
    """What a process says in BPMN or in words of other tools that has no meaning here: one note for each kind."""
    counts: Counter[str] = Counter()
    first: dict[str, Element] = {}
    for element, title in _strange(process):
        counts[title] += 1
        first.setdefault(title, element)
    for title, count in counts.items():
        what = f"{title}{' ' if title[-1].isascii() else ''}不起作用，已略去" + (
            f"，共 {count} 处。" if count > 1 else "。"
        )
        yield Problem(named(first[title]), line_of(first[title]), what)


def _strange(process: Element) -> Iterator[tuple[Element, str]]:
    for element in process.iter(etree.Element):
        for name in element.attrib:
            qualified = etree.QName(str(name))
            if qualified.namespace not in (None, OWN, MODEL, "http://www.w3.org/2001/XMLSchema-instance"):
                yield element, f"其他工具的属性 {_prefixed(element, qualified)}"
        if not is_model(element):
            qualified = etree.QName(element)
            parent = element.getparent()
            if qualified.namespace != OWN and (parent is None or is_model(parent)):
                yield element, f"其他工具的扩展 {_prefixed(element, qualified)}"
        elif element is not process and local(element) not in _CARRIED:
            title = _LEFT_ASIDE.get(local(element))
            if title and local(element) != "lane":
                yield element, title


def _prefixed(element: Element, name: etree.QName) -> str:
    prefixes = [prefix for prefix, space in element.nsmap.items() if prefix and space == name.namespace]
    return f"{prefixes[0]}:{name.localname}" if prefixes else name.localname
