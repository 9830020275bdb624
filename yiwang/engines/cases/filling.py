"""Form data on its way into a case: checked against the form of the node, with the node's field rights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yiwang.engines.cases.graph import GraphNode
from yiwang.engines.cases.store.loading import Running
from yiwang.engines.directory.api import Actor
from yiwang.engines.forms.api import CompiledForm, compile_form, form_from_json
from yiwang.kernel.errors import InvalidInput


def form_at(case: Running, node: GraphNode) -> CompiledForm | None:
    """The compiled form of a node."""
    key = node.raw.get("form")
    return compile_form(form_from_json(case.graph.bundle["forms"][key])) if key else None


def checked_data(actor: Actor, case: Running, node: GraphNode, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the form accepts of `data`; InvalidInput lists one error for each field at fault. No form, no data."""
    form = form_at(case, node)
    if form is None:
        return {}
    checked = form.validate(dict(data), rights=node.raw.get("rights"), previous=case.state.data)
    if checked.errors:
        raise InvalidInput(
            {"path": error.path, "code": error.code, "message": error.message_zh} for error in checked.errors
        )
    return checked.clean
