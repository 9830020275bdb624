"""`process check`: everything that keeps a file from being published, one finding each, with its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from yiwang.engines.bpmn.errors import BpmnError, Problem
from yiwang.engines.bpmn.kinds import KIND_TITLES
from yiwang.engines.bpmn.reading.reader import Reading, read_bpmn
from yiwang.engines.processes.api import ACTIVITIES, Finding, check_bundle

_NAMED_KEY = re.compile(r"（([^（）]+)）|连线 (\S+)")


def check_file(
    xml: bytes,
    *,
    process: str = "",
    known_roles: Collection[str] | None = None,
    known_types: Collection[str] | None = None,
    known_handlers: Collection[str] | None = None,
) -> list[Finding]:
    """Findings of a file, errors first: what is refused, what the publish-time lint says, what was left aside."""
    try:
        reading = read_bpmn(xml, process=process)
    except BpmnError as error:
        return [_finding("error", problem) for problem in error.problems]
    found = check_bundle(reading.bundle, known_roles, known_types, known_handlers)
    found = [_with_line(finding, reading.lines) for finding in (*found, *_unsaid(reading))]
    found += [_finding("warning", note) for note in reading.notes]
    return sorted(found, key=lambda finding: finding.level)


def _finding(level: str, problem: Problem) -> Finding:
    where = "，".join(part for part in (problem.element, f"第 {problem.line} 行" if problem.line else "") if part)
    return Finding(level, where or "文件", problem.what, problem.now)


def _with_line(finding: Finding, lines: Mapping[str, int]) -> Finding:
    for found in _NAMED_KEY.finditer(finding.where):
        line = lines.get(found[1] or found[2])
        if line:
            return finding._replace(where=f"{finding.where}，第 {line} 行")
    return finding


def _unsaid(reading: Reading) -> Iterator[Finding]:
    """What the process needs and files of other modellers cannot say."""
    for node in reading.bundle["nodes"]:
        where = f"节点“{node['title'] or node['key']}”（{node['key']}）"
        if node["kind"] in ACTIVITIES and not node["title"].strip():
            yield Finding("error", where, f"{KIND_TITLES[node['kind']]}没有名称。", "请写上办理人看得懂的名称。")
        if node["kind"] == "service_task" and not node.get("call"):
            yield Finding("error", where, "没有指定处理程序。", "请选择由哪个处理程序完成。")
        if node["kind"] == "call_activity" and not node.get("calls"):
            yield Finding("error", where, "没有指定调用的事项类型。", "请填写 calledElement，例如 app.case_type。")
        if "many" in node and not (node["many"] or {}).get("each"):
            yield Finding("error", where, "没有说明对哪个列表逐一办理。", "请填写多实例的列表（each，FEEL）。")
