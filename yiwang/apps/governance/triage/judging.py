"""Is this a matter for 110, 119 or 120? Pattern rules say so, with the words that prove it. Pure.

The rules are a proposal in our own words, editable in the books `triage.emergencies` and `triage.wording`. A rule of
severity `ask` transfers nothing: it says what to ask the caller. What a rule found and set aside is told as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.engines.language.api import Context, Match, Pattern, PatternSet

SERVICES: Mapping[str, str] = {"110": "110 公安", "119": "119 消防", "120": "120 急救"}
SEVERITIES: Mapping[str, str] = {"life": "危及生命", "now": "正在发生", "ask": "先问清楚"}
_RANKS: Mapping[str, int] = {"life": 3, "now": 2, "ask": 1}
_KINDS = ("masks", "unless", "done", "now")


@dataclass(frozen=True)
class Emergency:
    """A rule of the book: to whom, how grave, and what to tell people."""

    rule: str
    target: str
    severity: str
    reason: str


@dataclass(frozen=True)
class Finding:
    """An emergency the text speaks of, the words that prove it, and, if set aside, the words because of which."""

    emergency: Emergency
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    because: str = ""


@dataclass(frozen=True)
class Hint:
    """No rule, but it sounds like a matter for `target`: with which certainty (0 to 1), from which words."""

    target: str
    confidence: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """`transfer` is "110", "119", "120" or ""; `ask` a service a question may lead to; `also` further ones to call.

    With `hint` the question comes from no rule but from the second opinion.
    """

    transfer: str = ""
    ask: str = ""
    also: tuple[str, ...] = ()
    found: tuple[Finding, ...] = ()
    aside: tuple[Finding, ...] = ()
    hint: Hint | None = None

    @property
    def first(self) -> Finding | None:
        """The finding that decides."""
        return self.found[0] if self.found else None

    def advice(self) -> dict[str, Any]:
        """Plain values for the facts of a case: what was decided, by which rule, from which words."""
        decided = self.first
        if decided is None:
            return {"transfer": "", "reason": "", "ask": self.ask} if self.ask else {"transfer": "", "reason": ""}
        return {
            "transfer": self.transfer,
            "reason": decided.emergency.reason,
            "rule": decided.emergency.rule,
            "severity": decided.emergency.severity,
            "words": list(decided.words),
            "also": list(self.also),
            "ask": self.ask,
        }


@dataclass(frozen=True)
class Rules:
    """The rules of a day, ready to judge."""

    patterns: PatternSet
    emergencies: Mapping[str, Emergency]

    def judge(self, text: str) -> Judgement:
        """What the text speaks of; some tens of microseconds."""
        findings = [self._finding(match) for match in self.patterns.read(text)]
        found = tuple(finding for finding in findings if not finding.because)
        aside = tuple(finding for finding in findings if finding.because)
        urgent = [finding.emergency.target for finding in found if finding.emergency.severity != "ask"]
        asked = [finding.emergency.target for finding in found if finding.emergency.severity == "ask"]
        transfer = urgent[0] if urgent else ""
        also = tuple(dict.fromkeys(target for target in urgent if target != transfer))
        return Judgement(transfer, "" if transfer else next(iter(asked), ""), also, found, aside)

    def _finding(self, match: Match) -> Finding:
        words = tuple(dict.fromkeys(span.word for span in match.words))
        spans = tuple((span.start, span.end) for span in match.words)
        return Finding(self.emergencies[match.pattern.key], words, spans, match.because.word if match.because else "")


def compiled(emergencies: Iterable[Mapping[str, Any]], wording: Iterable[Mapping[str, Any]]) -> Rules:
    """Rules from rows of the two books; blank cells are absent from a row."""
    rows = [row for row in emergencies if str(row.get("words", "")).split()]
    heard = list(wording)
    shared = {
        kind: tuple(word for row in heard if row.get("kind") == kind for word in str(row["words"]).split())
        for kind in _KINDS
    }
    known = {
        str(row["rule"]): Emergency(str(row["rule"]), str(row["target"]), str(row["severity"]), str(row["reason"]))
        for row in rows
    }
    return Rules(PatternSet(tuple(_pattern(row) for row in rows), Context(**shared)), known)


def _pattern(row: Mapping[str, Any]) -> Pattern:
    """`together` holds groups of words parted by `|`: each must have a word near."""
    groups = (tuple(group.split()) for group in str(row.get("together", "")).split("|"))
    return Pattern(
        key=str(row["rule"]),
        words=tuple(str(row["words"]).split()),
        together=tuple(group for group in groups if group),
        masks=tuple(str(row.get("masks", "")).split()),
        unless=tuple(str(row.get("unless", "")).split()),
        within=max(1, int(row.get("within") or 12)),
        rank=_RANKS.get(str(row["severity"]), 0),
    )
