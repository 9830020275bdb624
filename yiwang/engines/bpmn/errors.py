"""What is wrong with a process file: each problem names element and line, what it is, and what to do now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from yiwang.kernel.errors import YiwangError


class Problem(NamedTuple):
    """`element` as people find it in the file, `line` of the XML (0: unknown), `what` the fault, `now` the remedy."""

    element: str
    line: int
    what: str
    now: str = ""

    def __str__(self) -> str:
        place = f"第 {self.line} 行" if self.line else "文件"
        return f"{place}{f'，{self.element}' if self.element else ''}：{self.what}{self.now}"


class BpmnError(YiwangError):
    """A process file cannot be used; `problems` are all that were found, one sentence a line."""

    code = "BPMN_FILE"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
