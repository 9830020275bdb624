"""What a definition must pass before it is kept or published: its shape, its size, the lint, its forms and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yiwang.engines.cases.models import AppVersion
from yiwang.engines.directory.api import all_roles
from yiwang.engines.directory.spec import Role
from yiwang.engines.forms.api import compile_form, form_from_json
from yiwang.engines.processes.api import Finding, Graph, check_bundle
from yiwang.engines.processes.spec import Advisor, CaseType, Handler
from yiwang.engines.rules.spec import decision_table_from_json
from yiwang.kernel.app import Registry
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.errors import SpecError, UserError

MOST_BYTES = 2_000_000
"""A definition with two hundred steps has some 100,000 bytes."""
_WORDS: Mapping[str, tuple[str, ...]] = {"nodes": ("key", "kind", "title"), "flows": ("key", "source", "target")}


class DefinitionFaulty(UserError):
    """A definition that must not run; `facts["findings"]` holds where, what and what now of everything found."""

    code, status = "DEFINITION_FAULTY", 422
    message, next_step = "流程定义有误，不能发布。", "请按列出的问题逐条改正后再发布。"

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        rest = f"（共 {len(findings)} 处）" if len(findings) > 1 else ""
        rows = [{"where": one.where, "what": one.what, "now": one.now} for one in findings]
        super().__init__(f"流程定义有误：{findings[0].where}：{findings[0].what}{rest}", facts={"findings": rows})


def canonical(bundle: Mapping[str, Any]) -> bytes:
    """The bundle as it is hashed, if it is a bundle at all and not too big."""
    faults = [Finding("error", *words) for words in _misshapen(bundle)]
    if faults:
        raise DefinitionFaulty(faults)
    content = canonical_json(bundle)
    if len(content) > MOST_BYTES:
        what = f"有 {len(content) / 1e6:.1f} MB，超过 {MOST_BYTES / 1e6:.0f} MB。"
        raise DefinitionFaulty([Finding("error", "流程定义", what, "请把大段文字或数据移出流程定义。")])
    return content


def _misshapen(bundle: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name in ("app", "key", "title"):
        if not isinstance(bundle.get(name), str) or not bundle[name]:
            yield "流程定义", f"没有 {name}。", "请从设计器或命令行重新导出。"
    for name, words in _WORDS.items():
        rows = bundle.get(name)
        if not isinstance(rows, list) or not rows:
            yield "流程定义", f"没有 {name}。", "请从设计器或命令行重新导出。"
            continue
        for place, row in enumerate(rows, start=1):
            missing = [word for word in words if not isinstance(row, Mapping) or not isinstance(row.get(word), str)]
            if missing:
                yield f"{name} 第 {place} 项", f"没有 {'、'.join(missing)}。", "请补上后再保存。"


def require_sound(version: AppVersion, apps: Registry) -> None:
    """Refuse a definition with any fault; warnings pass."""
    faults = [finding for finding in findings(version.bundle, apps) if finding.level == "error"]
    if faults:
        raise DefinitionFaulty(faults)


def findings(bundle: Mapping[str, Any], apps: Registry) -> list[Finding]:
    """Faults and, when there are none, hints."""
    return [Finding("error", *words) for words in _broken_parts(bundle)] or _lint(bundle, apps)


def _lint(bundle: Mapping[str, Any], apps: Registry) -> list[Finding]:
    types = {*AppVersion.objects.values_list("type", flat=True).distinct(), *apps.parts(CaseType)}
    handlers, advisors = set(apps.parts(Handler)), set(apps.parts(Advisor))
    found = check_bundle(bundle, {*all_roles(), *apps.parts(Role)}, types, handlers, advisors)
    faults = [finding for finding in found if finding.level == "error"]
    if not faults:
        try:
            Graph(bundle)
        except SpecError as error:
            faults.append(Finding("error", error.where, error.what, error.now))
    return faults or found


def _broken_parts(bundle: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Forms and tables that cannot be read."""
    for title, parts, read in (("表单", "forms", _read_form), ("决策表", "tables", decision_table_from_json)):
        for key, data in bundle.get(parts, {}).items():
            try:
                read(data)
            except SpecError as error:
                yield f"{title} {key}，{error.where}", error.what, error.now


def _read_form(data: Mapping[str, Any]) -> object:
    return compile_form(form_from_json(data))
