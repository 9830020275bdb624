"""BPMN XML read safely: no document type, no entities, no network, a bounded size; any prefix."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from yiwang.engines.bpmn.errors import BpmnError, Problem

Element = etree._Element
FILE_LIMIT = 5_000_000
"""Bytes of one file; a proposal, no source states one."""
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
BOUNDS = "http://www.omg.org/spec/DD/20100524/DC"
POINTS = "http://www.omg.org/spec/DD/20100524/DI"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
FEEL = "https://www.omg.org/spec/DMN/20230324/FEEL/"
OWN = "urn:yiwang:bpmn:1"
"""The namespace of what BPMN has no word for."""


def parse_definitions(xml: bytes) -> Element:
    """The `definitions` element of a BPMN 2.0 document; raises BpmnError."""
    root = _parse(xml)
    if root.tag != f"{{{MODEL}}}definitions":
        what = "文件不是 BPMN 2.0 流程。"
        raise BpmnError([Problem(named(root), line_of(root), what, "根元素应为 BPMN 2.0 的 definitions。")])
    return root


def _parse(xml: bytes) -> Element:
    if len(xml) > FILE_LIMIT:
        what = f"文件过大：{len(xml)} 字节，上限为 {FILE_LIMIT} 字节。"
        raise BpmnError([Problem("", 0, what, "请把流程拆成几个，用调用活动相连。")])
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        raise BpmnError([Problem("", line, "文件不是有效的 XML。", "请用建模工具重新导出。")]) from None
    if root.getroottree().docinfo.doctype:
        raise BpmnError([Problem("", 0, "文件不得带有文档类型声明（DOCTYPE）。", "请删去声明后重试。")])
    return root


def local(element: Element) -> str:
    """The tag without its namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def is_model(element: Element) -> bool:
    """Whether the element is BPMN's own, and not an extension of some tool."""
    return isinstance(element.tag, str) and element.tag.startswith(f"{{{MODEL}}}")


def children(element: Element, *names: str) -> Iterator[Element]:
    """BPMN child elements of these names, all of them when none is given."""
    return (child for child in element if is_model(child) and (not names or local(child) in names))


def child(element: Element, name: str) -> Element | None:
    return next(children(element, name), None)


def text_of(element: Element) -> str:
    """The text of an element, character data sections included; '' when there is none."""
    return "".join(str(part) for part in element.itertext())


def reference(text: str | None) -> str:
    """What a qualified name refers to, its prefix left off."""
    return (text or "").strip().rpartition(":")[2]


def line_of(element: Element) -> int:
    return element.sourceline or 0


def named(element: Element) -> str:
    """How messages name an element: tag with name or id."""
    name = " ".join((element.get("name") or "").split())
    known = [part for part in (name, element.get("id") or "") if part]
    return f"{local(element)}“{known[0]}”" + (f"（{known[1]}）" if len(known) > 1 else "") if known else local(element)
