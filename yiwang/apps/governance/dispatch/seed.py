"""First editions of the matrix and of rising: proposals, marked so, until the district lays down its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from yiwang.engines.rulebooks.api import install_edition

BEGINS = date(2020, 1, 1)
_LEADS = {
    "C01": "urban", "C0101": "water", "C0102": "water", "C0103": "water", "C0104": "water", "C0105": "power",
    "C0106": "power", "C0110": "traffic", "C0112": "water", "C0113": "water", "C0114": "water", "C0120": "power",
    "C0121": "power", "C0122": "power", "C0123": "power", "C0126": "power", "C0128": "power", "C02": "traffic",
    "C03": "urban", "C0311": "water", "C04": "urban", "C05": "urban", "C0502": "water", "C0503": "water",
    "C0504": "water", "E01": "urban", "E0107": "traffic", "E0108": "traffic", "E0109": "traffic", "E0110": "water",
    "E0111": "water", "E0112": "water", "E02": "urban", "E03": "urban", "E0303": "traffic", "E0304": "traffic",
    "E0305": "traffic", "E04": "urban", "E0406": "traffic", "E05": "urban", "E0501": "traffic", "E0502": "water",
    "E0504": "water", "E0506": "power", "E0509": "water", "E06": "urban",
}  # fmt: skip
"""Beginning of a class code: leading unit. Each group is named: a new one has no rule until somebody decides."""
_HELP = {
    "C0111": ["water", "traffic"], "E0107": ["urban"], "E0110": ["traffic"], "E0307": ["traffic"],
    "E0501": ["water", "urban"], "E0506": ["traffic"], "E0509": ["traffic", "urban"],
}  # fmt: skip
_RISING = (
    {"level": "village", "urgency": "ordinary", "percent": 100},
    {"level": "town", "urgency": "ordinary", "percent": 300},
    {"level": "town", "urgency": "urgent", "percent": 300},
)


def _matrix() -> Iterator[dict[str, Any]]:
    for code in sorted({*_LEADS, *_HELP}):
        lead = next(_LEADS[code[:length]] for length in (5, 3) if code[:length] in _LEADS)
        yield {"class_code": code, "lead": lead, "co": _HELP.get(code, [])}


def seed(district: str) -> str:
    """Both books; a sentence of what was new."""
    rows = list(_matrix())
    made = install_edition("dispatch.responsibility", rows, BEGINS, basis="责任矩阵（建议值）")
    install_edition("dispatch.rising", _RISING, BEGINS, basis="逐级上报（建议值）")
    return f"责任矩阵 {len(rows)} 条" if made else ""
