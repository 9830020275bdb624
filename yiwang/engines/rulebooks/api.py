"""The door to rules: ask them, keep their editions, bring them in and out of spreadsheets."""

from __future__ import annotations

from yiwang.engines.rulebooks.books import all_books, book_named
from yiwang.engines.rulebooks.drafting import begin_draft, discard_draft, remove_row, set_row, store_draft
from yiwang.engines.rulebooks.events import EditionPublished, EditionWithdrawn
from yiwang.engines.rulebooks.findings import Finding
from yiwang.engines.rulebooks.importing import Imported, NothingRead, Reading, export_edition, import_draft, read_book
from yiwang.engines.rulebooks.models import Edition
from yiwang.engines.rulebooks.publishing import (
    NotPublishable,
    check_rows,
    install_edition,
    publish_edition,
    withdraw_edition,
)
from yiwang.engines.rulebooks.rights import (
    EDIT_RULES,
    PUBLISH_OWN_RULES,
    PUBLISH_RULES,
    FourEyes,
    may_edit,
    may_publish,
)
from yiwang.engines.rulebooks.selectors import (
    BookState,
    Change,
    book_state,
    book_states,
    difference,
    edition,
    editions,
    rules,
)
from yiwang.engines.rulebooks.spreadsheets import (
    Grid,
    NotASpreadsheet,
    Unread,
    cell_name,
    read_file,
    write_csv,
    write_workbook,
)
from yiwang.engines.rulebooks.timeline import Applied, Standing, applied, consult, in_force, rows

__all__ = [
    "EDIT_RULES", "PUBLISH_OWN_RULES", "PUBLISH_RULES", "Applied", "BookState", "Change", "Edition",
    "EditionPublished", "EditionWithdrawn", "Finding", "FourEyes", "Grid", "Imported", "NotASpreadsheet",
    "NotPublishable", "NothingRead", "Reading", "Standing", "Unread", "all_books", "applied", "begin_draft",
    "book_named", "book_state", "book_states", "cell_name", "check_rows", "consult", "difference", "discard_draft",
    "edition", "editions", "export_edition", "import_draft", "in_force", "install_edition", "may_edit",
    "may_publish", "publish_edition", "read_book", "read_file", "remove_row", "rows", "rules", "set_row",
    "store_draft", "withdraw_edition", "write_csv", "write_workbook",
]  # fmt: skip
