"""Item definitions of a model as FEEL types."""

from __future__ import annotations

from collections.abc import Callable

from yiwang.engines.feel.api import ANY, FeelSyntaxError, FeelType, base_type, compile_unary_tests
from yiwang.engines.rules.dmn.document import Element, child, children, name_of, text_in, type_in


class ItemTypes:
    """Types by name, made when first asked for; a definition may refer to itself."""

    def __init__(self, root: Element, elsewhere: Callable[[str], FeelType | None]) -> None:
        self._definitions = {name_of(item): item for item in children(root, "itemDefinition")}
        self._made: dict[str, FeelType] = {}
        self._elsewhere = elsewhere
        self.problems: list[str] = []

    def named(self, name: str) -> FeelType:
        """The type of a reference; an empty or unknown one is Any."""
        return self.find(name) or ANY

    def find(self, name: str) -> FeelType | None:
        if not name or name in self._made:
            return self._made.get(name)
        if name not in self._definitions:
            return base_type(name) or self._elsewhere(name)
        return self._make(name, self._definitions[name])

    def _make(self, name: str, item: Element) -> FeelType:
        members: dict[str, FeelType] = {}
        is_list = item.get("isCollection") == "true"
        own = FeelType("context", members=members, title=name) if child(item, "itemComponent") is not None else None
        if own is not None:
            self._made[name] = FeelType("list", parts=(own,), title=name) if is_list else own
            members |= {name_of(part): self._part(part) for part in children(item, "itemComponent")}
            return self._made[name]
        self._made[name] = self._part(item)
        return self._made[name]

    def _part(self, item: Element) -> FeelType:
        """The type of a definition or component without its name."""
        components = list(children(item, "itemComponent"))
        function = child(item, "functionItem")
        if components:
            made = FeelType("context", members={name_of(part): self._part(part) for part in components})
        elif function is not None:
            parameters = tuple(self.named(type_in(part)) for part in children(function, "parameters"))
            made = FeelType("function", parts=parameters, result=self.named(function.get("outputTypeRef", "")))
        else:
            made = self.named(type_in(item))
        made = self._restricted(made, text_in(child(item, "allowedValues")))
        if item.get("isCollection") == "true":
            made = FeelType("list", parts=(made,), title=name_of(item))
        return self._restricted(made, text_in(child(item, "typeConstraint")))

    def _restricted(self, made: FeelType, allowed: str) -> FeelType:
        if not allowed:
            return made
        try:
            tests = compile_unary_tests(allowed).code
        except FeelSyntaxError as error:
            self.problems.append(f"允许值“{allowed[:60]}”，{error}")
            return made
        return FeelType(
            made.name,
            parent=made,
            allowed=lambda value: tests(value, {"?": value}) is True,
            title=f"{made}（允许值 {allowed}）",
        )
