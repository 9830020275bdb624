"""The wall as pieces of a page: rendered once for a reach and a language, and sent to every screen that shows them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from yiwang.engines.cockpit.map.columns import columns
from yiwang.engines.cockpit.map.ground import ground, prefix_of
from yiwang.engines.cockpit.wall import drawing
from yiwang.engines.cockpit.wall.figures import Figures, Happened, figures
from yiwang.engines.directory.api import name_of
from yiwang.engines.processes.api import VERBS
from yiwang.engines.worklists.api import Sight
from yiwang.kernel.clock import now

PARTS = ("figures", "queue", "classes", "map", "flow", "clocks", "events")


@dataclass(frozen=True, slots=True)
class Screen:
    """The pieces by name, and a mark that changes with them: the same content has the same mark in every process."""

    mark: str
    parts: Mapping[str, str]

    def as_json(self) -> bytes:
        """What a browser gets; the time is the server's, so that countdowns do not trust the screen's clock."""
        return orjson.dumps({"mark": self.mark, "at": now().isoformat(), "parts": self.parts})


def screen(reach: Sight, language: str, *, at_once: bool = False) -> Screen:
    """The wall of everybody with this reach who reads this language; `at_once` with what was committed just now."""
    known, prefix = columns(at_once=at_once), prefix_of(reach)
    with translation.override(language):
        found = figures(reach, known)
        context = _context(found, prefix) | {"dots": drawing.dots(prefix, reach, known)}
        parts = {name: render_to_string(f"cockpit/wall/{name}.html", context) for name in PARTS}
    mark = hashlib.blake2b(orjson.dumps(parts), digest_size=12).hexdigest()
    return Screen(mark, parts)


def _context(found: Figures, prefix: str) -> dict[str, Any]:
    base = ground(prefix)
    kinds = {one.kind for one in found.queues}
    return {
        "found": found, "rise": found.opened - found.before, "has_kinds": len(kinds) > 1,
        "most_queue": max((one.cases for one in found.queues), default=0),
        "most_class": max((count for _, count in found.classes), default=0),
        "clocks": [(one, name_of(one.division)) for one in found.clocks],
        "events": [(one, name_of(one.division), _said(one)) for one in found.events],
        "base": base, "outlines": drawing.outlines(base), "paper": drawing.Paper(base.box) if base.box else None,
        "chart": drawing.chart(found.hours),
        "has_flow": any(one.today or one.before for one in found.hours),
    }  # fmt: skip


def _said(one: Happened) -> str:
    """What was done, in the word of the verb, and where the case stands now."""
    if one.status == "closed" and one.verb == "complete":
        return gettext(one.standing) or gettext("结案")
    verb = gettext("上报") if one.verb == "open" else gettext(VERBS[one.verb].title) if one.verb in VERBS else one.verb
    return f"{verb} → {gettext(one.standing)}" if one.standing and one.status != "closed" else verb
