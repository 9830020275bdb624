"""What the pages share: who asks, where a case's page is, numbers and ids as people send them."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from yiwang.engines.cases.api import open_cursor
from yiwang.engines.gathering.refusals import NumberUnknown
from yiwang.kernel.errors import UserError
from yiwang.ui.components.feedback import Notice

_BY_NUMBER = "SELECT id FROM cases_case WHERE number = %s"


def case_address(case_id: UUID) -> str:
    """The case's own page; ours where a deployment leaves the desk unmounted."""
    try:
        return reverse("desk:case", args=[case_id])
    except NoReverseMatch:
        return reverse("gathering:case", args=[case_id])


def id_in(text: str | None) -> UUID | None:
    """An id somebody sent; None for anything else."""
    with suppress(ValueError):
        return UUID(text or "")
    return None


def case_named(text: str) -> UUID:
    """The case with this number (or id). Whether the actor may know of it is asked afterwards, with the same answer."""
    wanted = "".join(text.split())
    found = id_in(wanted)
    if found is None and wanted.isascii() and wanted.isdigit():
        rows = open_cursor().read(_BY_NUMBER, [wanted[:40]])
        found = rows[0][0] if rows else None
    if found is None:
        raise NumberUnknown
    return found


def refusal(error: UserError) -> Notice:
    """What went wrong, on the page."""
    return Notice(text=gettext(error.message), tone="danger", next_step=gettext(error.next_step or ""))
