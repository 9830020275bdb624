"""A report in the making: kept in the visitor's session page by page, with the id the case will have.

That id makes sending idempotent: however often the last page is sent, one draft becomes one case.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from yiwang.engines.desk.public.kinds import Kind
from yiwang.kernel.ids import new_id

_DRAFTS, _SENT = "report_drafts", "reports_sent"
_MOST_SENT = 20


class Draft:
    """What one visitor has filled in for one kind of case. `done` counts the pages that are complete."""

    def __init__(self, request: HttpRequest, kind: Kind) -> None:
        self.session, self.kind = request.session, kind
        kept: dict[str, Any] = self.session.get(_DRAFTS, {}).get(kind.type, {})
        self.id = UUID(kept["id"]) if kept else new_id()
        self.data: dict[str, Any] = kept.get("data", {})
        self.done: int = kept.get("done", 0)

    @property
    def is_complete(self) -> bool:
        return self.done >= len(self.kind.pages)

    def keep(self, data: dict[str, Any], page: int) -> None:
        """Remember the data after page number `page` (from 0) was accepted."""
        self.data, self.done = data, max(self.done, page + 1)
        kept = {"id": str(self.id), "data": self.data, "done": self.done}
        self.session[_DRAFTS] = {**self.session.get(_DRAFTS, {}), self.kind.type: kept}

    def become(self, number: str) -> None:
        """The draft is a case now; its id still leads to the receipt when it is sent again."""
        drafts = self.session.get(_DRAFTS, {})
        self.session[_DRAFTS] = {type: kept for type, kept in drafts.items() if type != self.kind.type}
        sent = {**self.session.get(_SENT, {}), str(self.id): number}
        self.session[_SENT] = dict(list(sent.items())[-_MOST_SENT:])


def sent_before(request: HttpRequest, draft: str) -> str:
    """Number of the case an earlier sending of this draft made; '' when there was none."""
    found: str = request.session.get(_SENT, {}).get(draft, "")
    return found
