"""A city's spreadsheet becomes the draft of the next edition; the report of what was read and what not is kept."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import get_language

from yiwang.apps.governance.catalogue.book import BOOK, catalogue_on, row_of
from yiwang.apps.governance.catalogue.catalogue_file import Outcome, read_catalogue
from yiwang.apps.governance.catalogue.findings import counted
from yiwang.apps.governance.catalogue.limit_reading import Choices
from yiwang.apps.governance.catalogue.models import Import
from yiwang.apps.governance.catalogue.rights import EDIT_CLASSES
from yiwang.engines.directory.api import Actor, district_code
from yiwang.engines.rulebooks.api import may_edit, store_draft
from yiwang.engines.trust.api import append
from yiwang.kernel.clock import now
from yiwang.kernel.errors import NotAllowed


def may_import(actor: Actor) -> bool:
    """Whether the actor writes drafts of the classes and reads reports of imports."""
    return may_edit(actor, BOOK) and actor.may(EDIT_CLASSES, district_code())


@transaction.atomic
def import_classes(actor: Actor, content: bytes, name: str, choices: Choices, *, is_trial: bool = False) -> Import:
    """Read a spreadsheet; unless it is a trial (or nothing could be read), its rows become the book's draft.

    A draft that is there already is replaced: the page says so first. Publishing is the rulebook's own matter.
    """
    if not may_import(actor):
        raise NotAllowed(next_step="类别由区的类别管理员维护，请联系城市管理部门。")
    in_force = [row for rows in catalogue_on().conditions.values() for row in rows]
    outcome = read_catalogue(content, name, choices, in_force)
    edition = ""
    if outcome.rows and not is_trial:
        draft = store_draft(actor, BOOK, (row_of(row) for row in outcome.rows), basis=f"导入 {name}"[:200])
        edition = str(draft.pk)
    digest = hashlib.sha256(content).hexdigest()
    row = Import.objects.create(
        kind="classes", file_name=name[:200], file_hash=digest, choices=asdict(choices), facts=_facts(outcome),
        edition=edition, division=district_code(), by=actor.name, at=now(),
    )  # fmt: skip
    told = {"file": name[:200], "sha256": digest, "rows": len(outcome.rows), "draft": edition}
    append(f"catalogue/{district_code()}", "classes.imported", told, actor=actor, division=district_code())
    return row


def _facts(outcome: Outcome) -> dict[str, Any]:
    return {
        "language": get_language(),
        "sheet_count": outcome.sheet_count, "row_count": outcome.row_count, "taken_count": len(outcome.rows),
        "class_count": outcome.class_count, "lent_count": outcome.lent_count, "used": dict(outcome.used),
        "weights": counted(outcome.findings), "findings": [one.as_json() for one in outcome.findings],
        "renamed": outcome.renamed, "gone": outcome.gone, "unused": outcome.unused,
    }  # fmt: skip
