"""A decision model: its elements, compiled, and how they require one another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lxml import etree

from yiwang.engines.feel.api import ANY, Code, FeelType
from yiwang.engines.rules.dmn.boxed import BoxedCompiler
from yiwang.engines.rules.dmn.document import (
    DmnError,
    Element,
    child,
    children,
    local,
    name_of,
    parse_definitions,
    type_in,
)
from yiwang.engines.rules.dmn.item_types import ItemTypes

if TYPE_CHECKING:
    from yiwang.engines.rules.dmn.evaluation import Evaluation

_KINDS = ("decision", "inputData", "businessKnowledgeModel", "decisionService")
_NAMED = ("contextEntry", "variable", "formalParameter", "parameter", "itemComponent", "column", "output", "parameters")
_PATH = re.compile(r"[^\W\d]\s*\.\s*[^\W\d]")
_REQUIRED = ("requiredDecision", "requiredInput", "requiredKnowledge")


@dataclass(slots=True, eq=False)
class Item:
    """An element of the requirement graph. `kind` is its tag; `code` its logic, None when it has none."""

    model: Model
    element: Element
    kind: str
    name: str
    id: str
    type: FeelType = ANY
    requires: tuple[str, ...] = ()
    code: Code | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of a decision service, as references."""

    outputs: tuple[str, ...]
    decisions: tuple[str, ...]
    inputs: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Model:
    """A loaded model; read-only, so it may be shared between threads.

    `problems` lists in Chinese what cannot be evaluated: logic with a FEEL error, references to nowhere. A model with
    problems still evaluates, the affected decisions to null; whoever publishes models should refuse them.
    """

    name: str
    namespace: str
    root: Element
    imports: dict[str, Model] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    types: ItemTypes = field(init=False)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.types = ItemTypes(self.root, self._imported_type)

    def named(self, name: str, *kinds: str) -> Item | None:
        """The element of that name or id."""
        found = (item for item in self.items.values() if name in (item.name, item.id) and item.kind in kinds)
        return next(found, None)

    def names(self, kind: str) -> list[str]:
        """Names of all elements of a kind, in order of the document."""
        return [item.name for item in self.items.values() if item.kind == kind]

    def _imported_type(self, name: str) -> FeelType | None:
        for prefix, model in self.imports.items():
            if name.startswith(f"{prefix}."):
                return model.types.find(name[len(prefix) + 1 :])
        return None

    def find(self, href: str) -> Item | None:
        """The element a reference points to, in this model or an imported one."""
        namespace, _, key = href.rpartition("#")
        if not namespace or namespace == self.namespace:
            return self.items.get(key)
        models = (model for model in self._all_models(set()) if model.namespace == namespace)
        return next((found for model in models if (found := model.items.get(key))), None)

    def _all_models(self, seen: set[str]) -> Iterator[Model]:
        for model in self.imports.values():
            if model.namespace not in seen:
                seen.add(model.namespace)
                yield model
                yield from model._all_models(seen)

    def prefix_of(self, other: Model) -> str | None:
        """Under which name an imported model's elements appear; None for this model and nameless imports."""
        return next((name for name, model in self.imports.items() if model is other and name), None)

    def evaluate(self, decision: str, inputs: Mapping[str, Any]) -> Evaluation:
        """Evaluate a decision, knowledge model or decision service by name or id over Python inputs by name.

        Raises DmnError (with the nearest name) for a name the model does not have; nothing else.
        """
        from yiwang.engines.rules.dmn.evaluation import evaluate_model

        return evaluate_model(self, decision, inputs)

    def inputs_of(self, name: str) -> list[str]:
        """Names of all input data an element needs, directly or through other elements; of a service its parameters."""
        item = self.named(name, *_KINDS)
        found: dict[int, Item] = {}
        waiting = [] if item is None else [item]
        while waiting:
            item = waiting.pop()
            if id(item) in found:
                continue
            found[id(item)] = item
            service = item.model.service(item)
            hrefs = (*item.requires, *service.inputs, *service.decisions) if item is not None else ()
            waiting += [other for href in reversed(hrefs) if (other := item.model.find(href))]
        return [item.name for item in found.values() if item.kind == "inputData"]

    def service(self, item: Item) -> Service:
        def hrefs(*names: str) -> tuple[str, ...]:
            return tuple(part.get("href", "") for part in children(item.element, *names))

        return Service(hrefs("outputDecision"), hrefs("inputDecision"), hrefs("inputData"))


def load_model(xml: bytes, imports: Iterable[bytes] = ()) -> Model:
    """The model of a DMN 1.2 to 1.5 document, with the documents it imports. Raises DmnError."""
    available = {root.get("namespace", ""): root for root in map(parse_definitions, imports)}
    return _load(parse_definitions(xml), available, {})


def _load(root: Element, available: Mapping[str, Element], loaded: dict[str, Model]) -> Model:
    namespace = root.get("namespace", "")
    model = loaded[namespace] = Model(root.get("name", ""), namespace, root)
    for element in children(root, "import"):
        wanted = element.get("namespace", "")
        if wanted in loaded:
            model.imports[name_of(element)] = loaded[wanted]
        elif wanted in available:
            model.imports[name_of(element)] = _load(available[wanted], available, loaded)
        elif "DMN" in element.get("importType", "DMN"):
            model.problems.append(f"没有提供引用的模型 {wanted}")
    for element in children(root, *_KINDS):
        item = _item(model, element)
        if item.id in model.items:
            raise DmnError(f"编号 {item.id} 出现了两次。", line=element.sourceline or 0)
        model.items[item.id] = item
    _compile_items(model)
    return model


def _item(model: Model, element: Element) -> Item:
    requirements = [part for part in element if local(part).endswith("Requirement")]
    hrefs = tuple(need.get("href", "") for part in requirements for need in children(part, *_REQUIRED))
    kind, name = local(element), name_of(element)
    wanted = model.types.named(type_in(child(element, "variable"))) if kind != "businessKnowledgeModel" else ANY
    return Item(model, element, kind, name, element.get("id") or f"_{name}", wanted, hrefs)


def _names_within(element: Element) -> set[str]:
    """Names given inside an element; one with a point between words is a path, not a name."""
    found = {name_of(part) for part in element.iter() if local(part) in _NAMED}
    found |= {part.get("iteratorVariable", "") for part in element.iter()}
    return {name for name in found if name and not _PATH.search(name)}


def _own_names(element: Element) -> set[str]:
    """Names given inside an element of the graph; its parameters are names even when written like a path."""
    return _names_within(element) | {name_of(part) for part in element.iter() if local(part) == "formalParameter"}


def _part_names(model: Model) -> set[str]:
    """Names that any text of the model may use for parts of values."""
    found = _names_within(model.root)
    for name, other in model.imports.items():
        found |= {name} | _part_names(other) | {item.name for item in other.items.values()}
    return found


def _compile_items(model: Model) -> None:
    shared = _part_names(model) - {item.name for item in model.items.values()}
    for item in model.items.values():
        needed = [found for href in item.requires if (found := model.find(href))]
        if len(needed) < len(item.requires):
            model.problems.append(f"“{item.name}”引用了不存在的元素")
        names = shared | {other.name for other in needed} | _own_names(item.element)
        compiler = BoxedCompiler(f"“{item.name}”", names, model.types.named)
        try:
            _compile_item(item, compiler)
        except DmnError as error:
            item.problem = error.message_zh
            model.problems.append(str(error))
    model.problems += model.types.problems


def _compile_item(item: Item, compiler: BoxedCompiler) -> None:
    if item.kind == "decision":
        item.code = compiler.within(item.element)
    elif item.kind == "businessKnowledgeModel":
        logic = child(item.element, "encapsulatedLogic")
        item.code = None if logic is None else compiler.function(logic)


def dump_model(model: Model) -> bytes:
    """The DMN XML of a model, its diagram included; loading it again gives an equal model."""
    return etree.tostring(model.root, xml_declaration=True, encoding="UTF-8")
