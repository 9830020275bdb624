"""How a judgement and a suggestion are shown: one fragment for every page that asks, large and plain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

from yiwang.apps.governance.triage.judging import SERVICES, SEVERITIES, Finding, Judgement
from yiwang.apps.governance.triage.suggesting import Likely, Suggestion
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.components.simple import Progress, Tag

CALLS = {
    "110": gettext_noop("请立即拨打 110"), "119": gettext_noop("请立即拨打 119"), "120": gettext_noop("请立即拨打 120"),
}  # fmt: skip
DANGERS = {
    "110": gettext_noop("如有危险，请先拨打 110"), "119": gettext_noop("如有危险，请先拨打 119"),
    "120": gettext_noop("如有危险，请先拨打 120"),
}  # fmt: skip
PASSES = {
    "110": gettext_noop("请立即转 110"), "119": gettext_noop("请立即转 119"), "120": gettext_noop("请立即转 120"),
}  # fmt: skip
TONES = {"life": "danger", "now": "danger", "ask": "warning"}


@dataclass(frozen=True)
class Notice:
    """The words of the emergency notice: what to do, why, whom else to call; `is_ask` only asks first."""

    head: str
    why: str
    words: str
    numbers: tuple[str, ...]
    is_ask: bool = False
    is_staff: bool = False


def notice(judged: Judgement, *, is_staff: bool) -> Notice | None:
    """None when the text speaks of no emergency. Staff are told what to ask first, visitors whom to call in danger."""
    first = judged.first
    if judged.ask:
        return _asking(judged, is_staff=is_staff)
    if first is None:
        return None
    words = gettext("、").join(f"“{word}”" for word in first.words)
    head = gettext((PASSES if is_staff else CALLS)[judged.transfer])
    numbers = (judged.transfer, *judged.also)
    return Notice(head, first.emergency.reason, words, numbers, is_staff=is_staff)


def _asking(judged: Judgement, *, is_staff: bool) -> Notice:
    first, hint = judged.first, judged.hint
    said = first.words if first else hint.words if hint else ()
    words = gettext("、").join(f"“{word}”" for word in said)
    if not is_staff:
        why = gettext("不确定是不是急事。有危险的不要等网上办理。")
        return Notice(gettext(DANGERS[judged.ask]), why, words, (judged.ask,), is_ask=True)
    why = first.emergency.reason if first else gettext("听起来像 {n} 的事，但没有对应的规则。").format(n=judged.ask)
    return Notice(gettext("请先问清楚"), why, words, (), is_ask=True, is_staff=True)


def bar(likely: Likely, *, is_best: bool = False) -> Progress:
    """A class with its confidence as a bar."""
    return Progress(title=likely.title, rate=likely.confidence, tone="success" if is_best else "accent")


def suggested(found: Suggestion) -> dict[str, Any] | None:
    """What the template shows of a suggestion; None when there is none."""
    if found.best is None:
        return None
    return {
        "best": found.best,
        "bars": [(one.class_code, bar(one, is_best=one is found.best)) for one in (found.best, *found.others)],
        "is_sure": found.is_sure,
        "words": gettext("、").join(f"“{word}”" for word in found.words),
        "percent": round(found.best.confidence * 100),
    }


def marked(text: str, findings: Sequence[Finding]) -> SafeString:
    """The text with the words found in it marked, each once."""
    spans = sorted({span for finding in findings for span in finding.spans})
    parts, place = [], 0
    for start, end in spans:
        if start >= place:
            parts += [escape(text[place:start]), "<mark>", escape(text[start:end]), "</mark>"]
            place = end
    return SafeString("".join([*parts, escape(text[place:])]))


def findings_table(found: Sequence[Finding], *, is_aside: bool) -> Table:
    """Rules that count, or those set aside with the words because of which."""
    titles = ["规则", "移交", "严重程度", "凭哪些词"] + (["为什么不算"] if is_aside else [])
    return Table(
        title=gettext("不算数的") if is_aside else gettext("识别到的"), is_title_shown=True,
        columns=[Column(title=gettext(title)) for title in titles],
        rows=[_row(number, one, is_aside) for number, one in enumerate(found)],
    )  # fmt: skip


def _row(number: int, one: Finding, is_aside: bool) -> Row:
    tone = "neutral" if is_aside else TONES.get(one.emergency.severity, "neutral")
    severity = gettext(SEVERITIES.get(one.emergency.severity, one.emergency.severity))
    cells: list[object] = [
        one.emergency.rule, gettext(SERVICES.get(one.emergency.target, one.emergency.target)),
        Tag(text=severity, tone=tone), gettext("、").join(one.words),
    ]  # fmt: skip
    if is_aside:
        cells.append(gettext("有“{word}”").format(word=one.because))
    return Row(key=str(number), cells=cells)
