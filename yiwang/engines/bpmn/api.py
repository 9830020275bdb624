"""The door to BPMN: files in and out, the drawing, checks and simulation. Nothing here needs a database."""

from __future__ import annotations

from yiwang.engines.bpmn.errors import BpmnError, Problem
from yiwang.engines.bpmn.layout.plan import laid_out
from yiwang.engines.bpmn.reading.reader import Reading, read_bpmn
from yiwang.engines.bpmn.writing.writer import write_bpmn

__all__ = ["BpmnError", "Problem", "Reading", "laid_out", "read_bpmn", "write_bpmn"]
