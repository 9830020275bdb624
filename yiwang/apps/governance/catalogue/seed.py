"""The first edition: classes and limits in our own words, a proposal until the district loads its own."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from yiwang.apps.governance.catalogue.classes import ClassCondition
from yiwang.apps.governance.catalogue.vocabulary import DATA
from yiwang.engines.directory.spec import Limit

BEGINS = date(2020, 1, 1)
"""Before any case of a demonstration, so that each is judged by some edition."""


def first_edition() -> Iterator[ClassCondition]:
    """Its rows in the order of the file."""
    with (DATA / "first_edition.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield ClassCondition(
                kind=row["kind"], group=row["group"], group_title=row["group_title"], small=row["small"],
                title=row["title"], number=int(row["number"]), condition=row["condition"], evidence=row["evidence"],
                handle=_limit(row["handle"]), whole=_limit(row["whole"]), closing=row["closing"],
                is_urgent=row["is_urgent"] == "yes", level=row["level"], category=row["category"], words=row["words"],
            )  # fmt: skip


def _limit(text: str) -> Limit:
    amount, unit = text.split()
    number = Decimal(amount)
    return Limit(int(number) if number == int(number) else number, unit)


def seed(district: str) -> str:
    """The first edition and, for a demonstration, a small ledger; a sentence of what was new."""
    from yiwang.apps.governance.catalogue.book import BOOK, row_of
    from yiwang.apps.governance.catalogue.ledger.seed import seed_ledger
    from yiwang.engines.rulebooks.api import install_edition

    rows = list(first_edition())
    made = install_edition(BOOK, map(row_of, rows), BEGINS, basis="示范类别（建议值）")
    told = [f"类别 {len({row.class_code for row in rows})} 个"] if made else []
    count = seed_ledger(district)
    return "，".join([*told, f"示范部件 {count} 个"] if count else told)
