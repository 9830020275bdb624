"""Where the figures come from: each dataset, how far it reaches, what its checks found, and its SQL."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.engines.access.api import staff_only
from yiwang.engines.datahub.api import Known, known_datasets
from yiwang.engines.directory.api import actor_of
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Column, Facts, Row, Table
from yiwang.ui.components.simple import Tag
from yiwang.ui.pages import staff_page


@require_safe
@staff_only
def page(request: HttpRequest) -> HttpResponse:
    """All datasets of the platform."""
    found = [
        (known, _state(known), _facts(known), _columns(known)) for known in known_datasets(actor_of(request)).values()
    ]
    return staff_page(request, "performance/data.html", {"title": gettext("统计数据"), "datasets": found})


def _state(known: Known) -> Tag:
    if known.fault:
        return Tag(text=gettext("取数出错"), tone="danger")
    if not known.is_ready:
        return Tag(text=gettext("正在准备"), tone="warning")
    if known.findings:
        return Tag(text=gettext("检查未通过"), tone="warning")
    return Tag(text=gettext("正常"), tone="success")


def _facts(known: Known) -> Facts:
    findings = gettext("；").join(f"{gettext(title)} {count:+,}" for title, count in known.findings)
    return Facts(
        pairs=[
            (gettext("一行是什么"), gettext(known.dataset.grain)),
            (gettext("数据截至"), Time(at=known.reaches) if known.reaches else ""),
            (gettext("上次重填"), Time(at=known.built_at) if known.built_at else ""),
            (gettext("未通过的检查"), findings or gettext("无")), (gettext("出错原因"), known.fault),
        ]
    )  # fmt: skip


def _columns(known: Known) -> Table:
    columns = [Column(title=gettext(title)) for title in ("列", "标识", "含义")]
    rows = [
        Row(key=one.key, cells=[gettext(one.title), one.key, gettext(one.meaning) if one.meaning else ""])
        for one in known.dataset.columns
    ]
    return Table(title=gettext("各列"), columns=columns, rows=rows)
