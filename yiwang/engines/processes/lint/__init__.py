"""What must be right before a definition is published: every finding says where, what, and what to do now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from yiwang.engines.processes.lint.plan import Finding, Known, Plan
from yiwang.engines.processes.lint.running import Marking, check_running, play_from
from yiwang.engines.processes.lint.structure import check_structure
from yiwang.engines.processes.lint.wording import check_wording

__all__ = ["Finding", "check_bundle", "stuck"]


def check_bundle(
    bundle: Mapping[str, Any],
    known_roles: Collection[str] | None = None,
    known_types: Collection[str] | None = None,
    known_handlers: Collection[str] | None = None,
    known_advisors: Collection[str] | None = None,
) -> list[Finding]:
    """Everything wrong with a bundle, errors first. Names are checked only against lists that are given.

    A bundle whose structure is broken is checked no further: the rest would only repeat the same fault.
    """
    lists = (known_roles, known_types, known_handlers, known_advisors)
    names = (None if known is None else frozenset(known) for known in lists)
    plan = Plan(bundle, Known(*names))
    check_structure(plan)
    if not any(finding.level == "error" for finding in plan.findings):
        check_wording(plan)
        check_running(plan)
    return sorted(plan.findings, key=lambda finding: finding.level)


def stuck(bundle: Mapping[str, Any], marking: Marking) -> Finding | None:
    """The first join that would wait for ever if tokens of one scope stood at `marking`, if there is one."""
    plan = Plan(bundle, Known())
    play_from(plan, marking)
    return plan.findings[0] if plan.findings else None
