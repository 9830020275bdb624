"""Patterns of words with their negatives: what a text mentions, what only looks like it, and why it was set aside.

A pattern is found at one of its `words`, if each group of `together` has a word within reach. It does not count inside
a longer saying that means something else (`masks`: a fire hydrant is no fire), nor beside a word of the same clause
that puts it into the past, a drill or a mere fear (`unless`), nor before a word of the same sentence by which it is
over (`done`) — except when a word of the sentence says that it happens `now`. All of them within `NEAR` characters.
In a word `*` stands for up to four characters: `拿*刀`. The distances are proposals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from yiwang.engines.language.folding import CLAUSE, SENTENCE, Folded, fold
from yiwang.kernel.errors import SpecError

GAP, NEAR = 4, 16
Search = re.Pattern[str] | None


def expression(words: Iterable[str]) -> Search:
    """One search for any of the words, longer first; None without words."""
    pieces = {tuple(fold(piece).text.strip() for piece in word.split("*")) for word in words}
    wanted = sorted((word for word in pieces if any(word)), key=lambda word: len("*".join(word)), reverse=True)
    gap = f"[^\\n]{{0,{GAP}}}?"
    return re.compile("|".join(gap.join(map(re.escape, word)) for word in wanted)) if wanted else None


@dataclass(frozen=True)
class Pattern:
    """Words one looks for. `within` counts characters between a word and its company; a higher `rank` comes first."""

    key: str
    words: tuple[str, ...]
    together: tuple[tuple[str, ...], ...] = ()
    masks: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    within: int = 12
    rank: int = 0

    def __post_init__(self) -> None:
        where = f"Pattern '{self.key}'"
        if expression(self.words) is None:
            raise SpecError(where, "has no words.", "Name at least one word it is found by.")
        if any(expression(group) is None for group in self.together):
            raise SpecError(where, "has an empty group in `together`.", "Take the group away or name its words.")
        if self.within < 1:
            raise SpecError(where, f"reaches {self.within} characters.", "Let it reach at least 1.")

    @cached_property
    def search(self) -> re.Pattern[str]:
        return expression(self.words) or re.compile(r"(?!)")

    @cached_property
    def company(self) -> tuple[re.Pattern[str], ...]:
        return tuple(found for group in self.together if (found := expression(group)))

    @cached_property
    def negatives(self) -> tuple[Search, Search]:
        return expression(self.masks), expression(self.unless)


@dataclass(frozen=True)
class Context:
    """Negatives all patterns of a set share, and the words (`now`) that overrule `unless` and `done`."""

    masks: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    now: tuple[str, ...] = ()

    @cached_property
    def searches(self) -> tuple[Search, Search, Search, Search]:
        return expression(self.masks), expression(self.unless), expression(self.done), expression(self.now)


@dataclass(frozen=True)
class Span:
    """A word as it is written in the text, from `start` up to, not including, `end`."""

    word: str
    start: int
    end: int


@dataclass(frozen=True)
class Match:
    """A pattern found, with the words that prove it; or, with `because`, found and set aside by that saying."""

    pattern: Pattern
    words: tuple[Span, ...]
    because: Span | None = None


@dataclass(frozen=True)
class PatternSet:
    """Patterns with their shared context, ready to read texts."""

    patterns: tuple[Pattern, ...]
    context: Context = field(default_factory=Context)

    def read(self, text: str) -> tuple[Match, ...]:
        """Every pattern the text mentions, once: those that count, by rank and place, then those set aside."""
        folded = fold(text)
        found = [match for pattern in self.patterns if (match := self._best(pattern, folded))]
        return tuple(sorted(found, key=lambda it: (it.because is not None, -it.pattern.rank, it.words[0].start)))

    def _best(self, pattern: Pattern, text: Folded) -> Match | None:
        """The first place where the pattern counts, else the first where it was set aside."""
        aside: Match | None = None
        for match in self._places(pattern, text):
            if match.because is None:
                return match
            aside = aside or match
        return aside

    def _places(self, pattern: Pattern, text: Folded) -> Iterator[Match]:
        for found in pattern.search.finditer(text.text):
            proof = [found, *_company(pattern, found, text.text)]
            if len(proof) > len(pattern.company):
                because = self._hiding(pattern, text, found) or self._cancelling(pattern, text, found)
                yield Match(pattern, tuple(_span(text, word) for word in proof), because and _span(text, because))

    def _hiding(self, pattern: Pattern, text: Folded, found: re.Match[str]) -> re.Match[str] | None:
        """The longer saying the word only is a piece of."""
        for search in (pattern.negatives[0], self.context.searches[0]):
            for saying in search.finditer(text.text) if search else ():
                if saying.start() <= found.start() and found.end() <= saying.end():
                    return saying
        return None

    def _cancelling(self, pattern: Pattern, text: Folded, found: re.Match[str]) -> re.Match[str] | None:
        """The word by which it is not happening, unless another says that it is."""
        _, unless, done, now = self.context.searches
        start, end = text.around(found.start(), SENTENCE)
        if _near(now, text, found, start, end):
            return None
        clause = text.around(found.start(), CLAUSE)
        beside = _near(pattern.negatives[1], text, found, *clause) or _near(unless, text, found, *clause)
        return beside or _near(done, text, found, found.end(), end)


def _near(search: Search, text: Folded, found: re.Match[str], start: int, end: int) -> re.Match[str] | None:
    """The first word of that stretch that stands near enough; it may run into the found one, not lie inside it."""
    for other in search.finditer(text.text, start, end) if search else ():
        is_inside = other.start() >= found.start() and other.end() <= found.end()
        if not is_inside and max(other.start() - found.end(), found.start() - other.end()) <= NEAR:
            return other
    return None


def _span(text: Folded, found: re.Match[str]) -> Span:
    start, end = text.written(*found.span())
    return Span(text.source[start:end], start, end)


def _company(pattern: Pattern, found: re.Match[str], text: str) -> Iterator[re.Match[str]]:
    """One word of each group that stands near enough, not inside the word itself."""
    start, end = max(0, found.start() - pattern.within), found.end() + pattern.within
    for search in pattern.company:
        near = search.search(text, start, found.start()) or search.search(text, found.end(), end)
        if near:
            yield near
