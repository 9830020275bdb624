"""Rules of the direct line. No source states Nanhai's own, so each number is a *proposal* a district may change.

Limits follow one bureau's public notice (consulting 3 working days, the rest 13, counted from the day after receipt;
`standards.md` 1.1). The draw of callbacks is reproducible: the same seed and the same record give the same number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

RESPONSE_WORKING_DAYS = 1
"""From receipt to the first response: accepted, answered, sent on or refused."""
MOST_RETURNS = 2
"""After so many returns by units a ruling binds the last one."""
MOST_TRIES = 3
"""Calls to somebody who does not pick up, before the callback is given up."""
PAUSE_WORKING_HOURS = 2
"""Least time between two tries of a callback."""
SHARE = 20
"""Per cent of the remaining answers that are drawn for a callback."""
SEED = "direct_line-1"
"""Names the draw; another seed draws others. Change it only with the year, or past draws cannot be checked."""
ALWAYS = frozenset({"complaint", "report"})
"""Kinds whose reporter is called back in every case."""
BAD_RATINGS = frozenset({1, 2})
"""Ratings that bring a follow-up call."""

_SHORT = 'kind = "consult" or kind = "praise"'
WHOLE_LIMIT = (
    f'if {_SHORT} then {{amount: 3, unit: "statutory_day"}} else {{amount: 13, unit: "statutory_day"}}'
)  # fmt: skip
"""FEEL: how long the whole may take, from the day after receipt."""
HANDLE_LIMIT = f'if {_SHORT} then {{amount: 1, unit: "working_day"}} else {{amount: 9, unit: "working_day"}}'
"""FEEL: how long the unit has; what is left of the whole is for checking and calling back."""
MERGED = {
    "city_incident.incident": {
        "reply": 'if outcome = "refused" then null else string join([main.finding_on_site, main.measure], "\\n")',
        "refusal": 'if outcome = "refused" then main.refusal else null',
        "evidence": "main.after",
        "resolved": 'if outcome = "closed" then true else if outcome = "unfounded" then false else null',
    }
}
"""What an appeal merged into an incident takes over when that ends: the answer, its photos, and whether it is resolved.

One that the incident refuses is refused itself. Resolved is what was put right, unresolved what nobody found there.
"""


def drawn_number(seed: str, phone: str, subject: str, reply: str) -> int:
    """0 to 99, by SHA-256 of `seed|phone|subject|reply` in UTF-8: the first eight bytes as a number, modulo 100.

    Everything but the seed stands in the record, so whoever is told the seed can draw again and compare.
    """
    return int.from_bytes(sha256(f"{seed}|{phone}|{subject}|{reply}".encode()).digest()[:8], "big") % 100


def callback_due(facts: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Whether the reporter of an answered appeal is called: {is_due, because, draw}. `because` is a key for eyes."""
    phone = str(facts.get("phone") or "")
    if not phone:
        return {"is_due": False, "because": "no_phone"}
    if facts.get("reopened"):
        return {"is_due": True, "because": "reopened"}
    if facts.get("kind") in ALWAYS:
        return {"is_due": True, "because": "kind"}
    draw = drawn_number(SEED, phone, str(facts.get("subject", "")), str(facts.get("reply", "")))
    return {"is_due": draw < SHARE, "because": "drawn" if draw < SHARE else "not_drawn", "draw": draw}
