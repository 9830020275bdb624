"""Names that hold spaces or signs: only a name known beforehand may be more than one token."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from yiwang.engines.feel.lexer import Token, tokens_of


def normal_name(name: str) -> str:
    """A name with every run of blanks as one space."""
    return " ".join(name.split())


@lru_cache(maxsize=4096)
def _opening(name: str) -> tuple[str, int]:
    """The first token of a name and how many it has; the names of built-in functions come with every expression."""
    tokens = tokens_of(name)[:-1]
    return (tokens[0].text if tokens else "", len(tokens))


class KnownNames:
    """The names a parser may meet, found longest first."""

    def __init__(self, names: Collection[str]) -> None:
        self._by_first: dict[str, list[tuple[int, str]]] = {}
        self._known: set[str] = set()
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Learn a name; single words need no learning."""
        name = normal_name(name)
        if name.isidentifier() or name in self._known or len(name) > 1000:
            return
        self._known.add(name)
        first, count = _opening(name)
        if count > 1:
            entries = self._by_first.setdefault(first, [])
            entries.append((count, name))
            entries.sort(reverse=True)

    def match(self, text: str, tokens: Sequence[Token], index: int) -> tuple[str, int] | None:
        """The longest known name beginning at a token, and how many tokens it takes."""
        for count, name in self._by_first.get(tokens[index].text, ()):
            last = index + count - 1
            if last < len(tokens) and normal_name(text[tokens[index].at : tokens[last].end]) == name:
                return name, count
        return None
