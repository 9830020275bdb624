"""A filtered list as a file for a spreadsheet: streamed, masked, and without anything a spreadsheet would run."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from yiwang.engines.access.api import staff_only
from yiwang.engines.desk.lists.masking import masked
from yiwang.engines.desk.lists.showing import exported
from yiwang.engines.directory.api import Actor, actor_of
from yiwang.engines.trust.api import append
from yiwang.engines.worklists.api import Search, every, read_search
from yiwang.kernel.clock import CHINA, now

MOST = 50_000
HEADS = (
    "编号", "标题", "事项类型", "类别", "状态", "环节", "期限", "处理人", "单位", "区划", "地点", "上报时间",
    "办结时间",
)  # fmt: skip
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula, full-width signs included."""


class _Echo:
    """A file that gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def harmless(value: str) -> str:
    """The value as text: a sign that would begin a formula gets an apostrophe before it."""
    text = masked(value)
    return f"'{text}" if text.startswith(_RUNS) or text.lstrip().startswith(_RUNS) else text


def lines(actor: Actor, search: Search) -> Iterator[bytes]:
    """The file, line by line, with the mark that tells spreadsheets it is UTF-8."""
    writer = csv.writer(_Echo())
    yield codecs.BOM_UTF8
    yield writer.writerow([gettext(head) for head in HEADS]).encode()
    for row in every(actor, search, MOST):
        yield writer.writerow([harmless(value) for value in exported(row)]).encode()


@require_GET
@staff_only
def export(request: HttpRequest) -> StreamingHttpResponse:
    """What the list shows, all pages; that it was taken out is journalled."""
    actor, search = actor_of(request), read_search(request.GET)
    append("exports", "list.exported", {"query": search.query()}, actor=actor)
    response = StreamingHttpResponse(lines(actor, search), content_type="text/csv; charset=utf-8")
    name = f"yiwang-{search.box}-{localtime(now(), CHINA):%Y%m%d-%H%M}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
