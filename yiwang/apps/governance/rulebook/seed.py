"""The first members of the set: one name is public, the others are proposals. The district puts its own in their place.

Proposals stand from before any case of a demonstration, like the first editions of the books they govern; every page
says that they are proposals.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from yiwang.apps.governance.rulebook.models import Policy
from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.trust.api import append
from yiwang.kernel.clock import now

_FILE = Path(__file__).with_name("first_set.csv")


def _first_set() -> Iterator[Policy]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Policy(
                place=row["place"], title=row["title"], text=row["text"], source=row["source"],
                is_proposal=row["is_proposal"] == "yes", from_on=row["from_on"] or None,
                books=[key for key in row["books"].split(";") if key], changed_at=now(), changed_by=SYSTEM.name,
            )  # fmt: skip


def seed(district: str) -> str:
    """Lay out the set once."""
    if Policy.objects.exists():
        return ""
    made = Policy.objects.bulk_create(_first_set())
    append("policies", "policy.seeded", {"titles": [one.title for one in made]}, actor=SYSTEM, division=district)
    return f"制度文件 {len(made)} 份（建议）"
