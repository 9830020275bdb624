"""The door to BPMN: files in and out, layout, checks and simulation, without Django. The drawing speaks by it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from yiwang.engines.bpmn.checking import check_file
from yiwang.engines.bpmn.document import FILE_LIMIT
from yiwang.engines.bpmn.errors import BpmnError, Problem
from yiwang.engines.bpmn.hints import nearest
from yiwang.engines.bpmn.layout.plan import laid_out
from yiwang.engines.bpmn.reading.reader import Reading, read_bpmn
from yiwang.engines.bpmn.simulating.script import ScriptError
from yiwang.engines.bpmn.simulating.simulation import simulate
from yiwang.engines.bpmn.writing.writer import write_bpmn

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

__all__ = [
    "FILE_LIMIT",
    "BpmnError",
    "Problem",
    "Reading",
    "ScriptError",
    "check_file",
    "drawing",
    "laid_out",
    "nearest",
    "read_bpmn",
    "simulate",
    "write_bpmn",
]


def drawing(
    bundle: Mapping[str, Any],
    here: Collection[str] = frozenset(),
    done: Collection[str] = frozenset(),
    *,
    name: str = "diagram",
) -> SafeString:
    """The diagram as HTML (inline SVG and the same in words): `here` are node keys where work stands, `done` those
    gone through; `name` makes its ids unique in a page. The page links the style sheet `bpmn/diagram.css`."""
    from yiwang.engines.bpmn.picture.drawing import drawing as draw

    return draw(bundle, here, done, name=name)
