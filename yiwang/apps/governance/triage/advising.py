"""The two advisors other systems ask: `triage.judge` and `triage.suggest`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def _text(facts: Mapping[str, Any]) -> str:
    """What a case says: its subject and description, whichever it has."""
    return "\n".join(str(facts[key]) for key in ("subject", "description", "text") if facts.get(key))


def judge(facts: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    """{"transfer": "" | "110" | "119" | "120", "reason", and when found "rule", "severity", "words", "also", "ask"}."""
    from yiwang.apps.governance.triage.second_opinion import judge as judged

    return judged(_text(facts), at).advice()


def suggest(facts: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    """{"class_code", "title", "confidence", "is_sure", and when found "category", "others"}."""
    from yiwang.apps.governance.triage.suggesting import suggest as suggestion

    return suggestion(_text(facts), at).advice()
