"""How credit reads: levels as tags, points with their sign, names hidden where they are a person's."""

from __future__ import annotations

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yiwang.apps.governance.credit.kinds import LEVELS
from yiwang.apps.governance.credit.models import Entry, Subject
from yiwang.ui.components.simple import Link, Tag

TONES = {"A": "success", "B": "accent", "C": "warning", "D": "danger"}
STATES = {
    "counts": ("计分", "neutral"), "frozen": ("异议冻结，暂不计分", "warning"),
    "withdrawn": ("已更正，不计分", "special"),
    "repaired": ("已修复，不计分", "success"), "unruled": ("当日没有规则，不计分", "neutral"),
}  # fmt: skip


def level_tag(level: str) -> object:
    """The level as a tag; a dash without one."""
    return Tag(text=gettext(LEVELS[level]), tone=TONES[level]) if level else "—"


def points(value: float) -> str:
    """With its sign, at most two places."""
    return f"{value:+.2f}".rstrip("0").rstrip(".") if round(value, 2) else "0"


def score(value: float) -> str:
    """One place is enough to compare by."""
    return f"{value:.1f}"


def public_name(subject: Subject) -> str:
    """A person's name on what others may be shown: the family name only."""
    return f"{subject.name[:1]}**" if subject.kind == "inspector" else subject.name


def state_tag(state: str) -> Tag:
    """What stands of an entry."""
    text, tone = STATES[state]
    return Tag(text=gettext(text), tone=tone)


def evidence(entry: Entry) -> SafeString | str:
    """The way to what an entry rests on. Who may not see the case is refused there, not here."""
    if entry.evidence is None:
        return entry.number
    if entry.evidence_kind == "case":
        text = gettext("案件 {number}").format(number=entry.number)
        return Link(text=text, href=reverse("desk:case", args=[entry.evidence])).render()
    text = gettext("巡查 {name}").format(name=entry.number)
    return Link(text=text, href=f"/governance/patrol/visits/{entry.evidence}/").render()
