"""The door to BPMN: files in and out, the drawing, checks and simulation. Nothing here needs a database."""

from __future__ import annotations

from yiwang.engines.bpmn.checking import check_file
from yiwang.engines.bpmn.document import FILE_LIMIT
from yiwang.engines.bpmn.errors import BpmnError, Problem
from yiwang.engines.bpmn.hints import nearest
from yiwang.engines.bpmn.layout.plan import laid_out
from yiwang.engines.bpmn.reading.reader import Reading, read_bpmn
from yiwang.engines.bpmn.simulating.script import ScriptError
from yiwang.engines.bpmn.simulating.simulation import simulate
from yiwang.engines.bpmn.writing.writer import write_bpmn

__all__ = [
    "FILE_LIMIT",
    "BpmnError",
    "Problem",
    "Reading",
    "ScriptError",
    "check_file",
    "laid_out",
    "nearest",
    "read_bpmn",
    "simulate",
    "write_bpmn",
]
