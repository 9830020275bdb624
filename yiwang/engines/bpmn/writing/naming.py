"""Ids of a document: the keys themselves wherever XML allows it, each given once."""

from __future__ import annotations

import re

_NAME = re.compile(r"[A-Za-z_][\w.-]*\Z")


class Ids:
    """Gives each wanted name once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str) -> str:
        """`wanted` itself, or the nearest id that XML allows and nobody has."""
        plain = wanted if _NAME.match(wanted) else "id_" + re.sub(r"[^\w.-]", "_", wanted)
        id, count = plain, 2
        while id in self._taken:
            id, count = f"{plain}_{count}", count + 1
        self._taken.add(id)
        return id
