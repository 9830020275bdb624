"""Templates whose unchanging stretches are drawn once for each language: most of a page's frame is the same for all.

Folded are texts, translated words, addresses of static files and icons, where the template names them itself. Whatever
depends on a request, a person or a variable is drawn anew every time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from django.template import Context, Template, engines
from django.template.base import FilterExpression, Node, NodeList, TextNode, Variable
from django.template.library import SimpleNode
from django.template.loaders.base import Loader as BaseLoader
from django.template.loaders.cached import Loader as CachedLoader
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.autoreload import file_changed
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from yiwang.ui.words import said

Tag = TypeVar("Tag", bound=Callable[..., object])
_settled: set[Callable[..., object]] = set()


def settled(tag: Tag) -> Tag:
    """Decorator of a simple tag whose markup depends on its arguments and the language alone."""
    _settled.add(tag)
    return tag


class Folded(Node):
    """Neighbouring nodes that come out the same for everybody, kept by language."""

    child_nodelists = ()

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = NodeList(nodes)
        self.drawn: dict[tuple[str | None, bool], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """The markup in the language of this page."""
        key = (get_language(), context.autoescape)
        found = self.drawn.get(key)
        if found is None:
            found = self.drawn[key] = self.nodes.render(context)
        return found


def _is_literal(expression: Any) -> bool:
    if not isinstance(expression, FilterExpression) or expression.filters:
        return False
    return not isinstance(expression.var, Variable) or expression.var.lookups is None


def _is_settled(node: Node) -> bool:
    """Whether the node comes out the same on every page of a language."""
    if isinstance(node, TranslateNode):
        return node.asvar is None and node.message_context is None and _is_literal(node.filter_expression)
    if isinstance(node, BlockTranslateNode):
        tokens = [token for token in node.singular if token.token_type.name != "TEXT"]
        return not (tokens or node.asvar or node.plural or node.extra_context or node.message_context)
    if isinstance(node, StaticNode):
        return node.varname is None and _is_literal(node.path)
    if not isinstance(node, SimpleNode) or node.func not in _settled or node.target_var is not None:
        return False
    return all(map(_is_literal, [*node.args, *node.kwargs.values()]))


def _lists(node: Node) -> Iterator[NodeList]:
    """The lists of nodes inside a node. An `{% if %}` names its own only in its branches."""
    branches = getattr(node, "conditions_nodelists", None)
    if branches is not None:
        yield from (nodes for _, nodes in branches)
        return
    for name in node.child_nodelists:
        nodes = getattr(node, name, None)
        if isinstance(nodes, NodeList):
            yield nodes


def fold(nodes: NodeList) -> None:
    """Put one node in the place of neighbours that never change; where they are mere text, nothing is gained."""
    for node in nodes:
        for inner in _lists(node):
            fold(inner)
    found: list[Node] = []
    for is_settled, neighbours in groupby(nodes, key=lambda node: isinstance(node, TextNode) or _is_settled(node)):
        stretch = list(neighbours)
        is_more = is_settled and not all(isinstance(node, TextNode) for node in stretch)
        found += [Folded(stretch)] if is_more else stretch
    nodes[:] = found


class FoldingLoader(BaseLoader):
    """Folds a template as soon as it is compiled, before any page can draw it."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """The compiled and folded template."""
        template: Template = super().get_template(template_name, skip)
        fold(template.nodelist)
        return template


class Loader(CachedLoader, FoldingLoader):
    """Django's loader that keeps compiled templates, and beneath it the one that folds them."""


def forget_words(file_path: Path, **named: Any) -> None:
    """A catalogue was compiled anew while the site runs: what was drawn or said with the old one goes."""
    if file_path.suffix == ".mo":
        said.cache_clear()
        for engine in engines.all():
            for loader in getattr(getattr(engine, "engine", None), "template_loaders", ()):
                loader.reset()


file_changed.connect(forget_words)
