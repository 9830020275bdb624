"""Where the case engine hooks into engines below: stream heads for the journal, new deadlines for new calendars,
who may open the files of a case."""

from __future__ import annotations

from yiwang.engines.cases import files
from yiwang.engines.cases.services import retiming
from yiwang.engines.directory.api import CalendarChanged
from yiwang.engines.forms.api import register_guard
from yiwang.engines.trust.api import register_heads
from yiwang.kernel.events import subscribe

HEADS = "SELECT id AS stream, sequence, head AS hash FROM cases_case"


def make() -> None:
    """Called once at start."""
    register_heads("cases", HEADS)
    subscribe(CalendarChanged, retiming.ask_for)
    register_guard(files.SUBJECT, files.guard)
