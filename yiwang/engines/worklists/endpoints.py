"""Lists over HTTP for programs: the boxes, filters and pages of the screens."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from yiwang.engines.directory.api import Actor
from yiwang.engines.worklists.selectors.lists import SIZE, Listed, page
from yiwang.engines.worklists.selectors.search import BOXES, TASK_BOXES, read_search
from yiwang.kernel.errors import InvalidInput

MOST = 100
_CASE_BOXES = tuple(box for box in BOXES if box not in TASK_BOXES)


class SearchIn(Schema):
    """Filters; an empty value leaves one open."""

    type: str = Field("", examples=["city_incident.incident"])
    stage: str = Field("", description="Key of the node the work stands at")
    category: str = ""
    area: str = Field("", description="Code of a division; everything inside it is found")
    due: str = Field("", description="overdue, today, warning or provisional")
    q: str = Field("", description="Words in title or address, or the beginning of a case number")
    sort: str = Field("", description="opened (newest first) or due (soonest first)")
    after: str = Field("", max_length=200, description="`after` of the page before")
    before: str = Field("", max_length=200, description="`before` of the page behind")
    size: int = Field(SIZE, ge=1, le=MOST)


class CasesIn(SearchIn):
    """A list of cases."""

    box: str = Field("all", description="unit, watched, opened or all")
    status: str = Field("", description="running (open or suspended), open, suspended, closed or cancelled")
    opened_from: str = Field("", description="First day, in China, as 2026-05-01")
    opened_to: str = Field("", description="Last day")


class TasksIn(SearchIn):
    """A list of tasks."""

    box: str = Field("mine", description="mine, or post: open tasks the caller could claim")


class ListedOut(Schema):
    """A row. `token` is the task it stands at, 0 when nobody is to do anything."""

    id: UUID
    number: str
    type: str
    title: str
    category: str
    status: str
    outcome: str
    stages: list[str]
    area: str
    address: str
    token: int
    assignee: int | None
    organisation: int | None
    opened_at: datetime
    since: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    is_provisional: bool
    is_stopped: bool


class PageOut(Schema):
    """A page; `after` and `before` are "" at the ends. `total` counts to 300 on the first page; later pages, and words
    that fill a page, are not counted. `is_more` tells that there may be more than `total` says."""

    rows: list[ListedOut]
    after: str
    before: str
    total: int | None
    is_more: bool


def _page(request: HttpRequest, given: SearchIn, boxes: tuple[str, ...]) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    values = given.dict()
    if values["box"] not in boxes:
        message = "这里没有这个列表。"
        errors = [{"path": "box", "code": "CHOICE", "message": message}]
        raise InvalidInput(errors, message, next_step=f"box: {', '.join(boxes)}")
    found = page(actor, read_search(values), after=given.after, before=given.before, size=given.size)
    rows = [_row(row) for row in found.rows]
    return {
        "rows": rows, "after": found.after, "before": found.before, "total": found.total, "is_more": found.is_more,
    }  # fmt: skip


def _row(row: Listed) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ListedOut.model_fields}


def list_cases(request: HttpRequest, given: Annotated[CasesIn, Query()]) -> dict[str, Any]:
    """Cases the caller may see, newest first."""
    return _page(request, given, _CASE_BOXES)


def list_tasks(request: HttpRequest, given: Annotated[TasksIn, Query()]) -> dict[str, Any]:
    """Tasks of the caller, or of the caller's posts; soonest due first."""
    return _page(request, given, tuple(sorted(TASK_BOXES)))


def add_to(router: Router) -> None:
    """Put the lists beside the other operations of `/cases`: one path, one router."""
    router.get("/cases", response=PageOut)(list_cases)
    router.get("/tasks", response=PageOut)(list_tasks)
