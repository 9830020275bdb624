"""Form data on its way into a case: checked against the form of the node, with the node's field rights."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from yiwang.engines.cases.parties import keep_parties
from yiwang.engines.cases.store.loading import Running
from yiwang.engines.directory.api import Actor
from yiwang.engines.forms.api import CompiledForm, compile_form, form_from_json
from yiwang.engines.processes.api import Graph, GraphNode
from yiwang.kernel.errors import InvalidInput


@lru_cache(maxsize=1024)
def form_of(graph: Graph, key: str) -> CompiledForm:
    """A form of the bundle, compiled once."""
    return compile_form(form_from_json(graph.bundle["forms"][key]))


def form_at(case: Running, node: GraphNode) -> CompiledForm | None:
    """The compiled form of a node; None when it asks nothing."""
    key = node.raw.get("form")
    return form_of(case.graph, key) if key else None


def checked_data(
    actor: Actor, case: Running, node: GraphNode, data: Mapping[str, Any], session_key: str | None = None
) -> dict[str, Any]:
    """What the form accepts of `data`; InvalidInput lists one error for each field at fault. No form, no data.

    Uploads count only when they are the actor's own (an anonymous reporter's are told by the session) or stood there.
    """
    form = form_at(case, node)
    if form is None:
        return {}
    checked = form.accept(
        dict(data), actor=actor, session_key=session_key, rights=node.raw.get("rights"), previous=case.state.data
    )
    if checked.errors:
        raise InvalidInput(
            {"path": error.path, "code": error.code, "message": error.message_zh} for error in checked.errors
        )
    return keep_parties(actor, form.form, checked.clean)
