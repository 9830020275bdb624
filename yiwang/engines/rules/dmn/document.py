"""DMN XML read safely: no document type, no entities, no network, a bounded size; any DMN 1.x namespace."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from yiwang.engines.feel.api import MODEL_LIMIT
from yiwang.kernel.errors import YiwangError

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"
"""DMN 1.5, the version written."""
Element = etree._Element


class DmnError(YiwangError):
    """A decision model cannot be used. `message_zh` names place and cause; `line` is the XML line, 0 when unknown."""

    code = "DMN_MODEL"

    def __init__(self, message_zh: str, *, line: int = 0, hint: str = "") -> None:
        self.message_zh, self.line, self.hint = message_zh, line, hint
        super().__init__(f"{f'第 {line} 行：' if line else ''}{message_zh}{hint}")


def parse_xml(xml: bytes) -> Element:
    """The root element of a document; raises DmnError."""
    if len(xml) > MODEL_LIMIT:
        raise DmnError(f"决策模型文件过大：{len(xml)} 字节，上限为 {MODEL_LIMIT} 字节。", hint="请拆分模型。")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        raise DmnError("文件不是有效的 XML。", line=line, hint="请用建模工具重新导出。") from None
    if root.getroottree().docinfo.doctype:
        raise DmnError("决策模型不得带有文档类型声明（DOCTYPE）。", hint="请删去声明后重试。")
    return root


def parse_definitions(xml: bytes) -> Element:
    """The `definitions` element of a DMN document; raises DmnError."""
    root = parse_xml(xml)
    if local(root) != "definitions" or "DMN" not in (etree.QName(root).namespace or ""):
        raise DmnError("文件不是 DMN 决策模型。", line=root.sourceline or 0, hint="根元素应为 DMN 的 definitions。")
    return root


def local(element: Element) -> str:
    """The tag without its namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Child elements of these names."""
    return (child for child in element if local(child) in names)


def child(element: Element, name: str) -> Element | None:
    return next(children(element, name), None)


def text_in(element: Element | None, name: str = "text") -> str:
    """The text of a named child; '' when there is none."""
    found = None if element is None else child(element, name)
    return "" if found is None else (found.text or "").strip()


def name_of(element: Element) -> str:
    return " ".join(element.get("name", "").split())


def type_in(element: Element | None) -> str:
    """A type reference, as attribute or (in older models) as child; without a prefix that names FEEL itself."""
    if element is None:
        return ""
    name = (element.get("typeRef") or text_in(element, "typeRef")).strip()
    return name.removeprefix("feel:")
