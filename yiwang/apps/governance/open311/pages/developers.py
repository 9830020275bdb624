"""For developers: what the interface is, its addresses, how to try it, whom to ask for a key."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.apps.governance.open311.offer import named, offered, option
from yiwang.apps.governance.open311.states import TITLES, plain
from yiwang.engines.directory.api import district_code
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.pages import public_page

_RESOURCES = (
    ("GET", "discovery.xml", "有哪些端点"), ("GET", "v2/services.xml", "能上报什么"),
    ("GET", "v2/services/{service_code}.xml", "上报某一项时还要问什么"), ("POST", "v2/requests.xml", "上报一件事"),
    ("GET", "v2/requests.xml", "查询，缺省是最近 90 天"), ("GET", "v2/requests/{service_request_id}.xml", "查一件"),
    ("GET", "v2/tokens/{token}.xml", "凭据换编号"), ("GET", "v2/servicerequestupdates.xml", "进展，按时间先后"),
    ("POST", "v2/servicerequestupdates.xml", "为自己报的事补充进展"),
)  # fmt: skip
_ERRORS = (
    ("400", "参数缺失或不对，逐条说明"), ("403", "api_key 缺失或无效"), ("404", "没有这项、这件或这个辖区"),
    ("405", "方法不对"), ("409", "同一个 Idempotency-Key 或 update_id 换了内容"), ("429", "太频繁，下一分钟再试"),
)  # fmt: skip


@require_safe
def developers(request: HttpRequest) -> HttpResponse:
    """The page, with addresses of this very site to copy."""
    root = request.build_absolute_uri(reverse("open311:developers"))
    service = next((one for one in offered().values() if not any(asked.is_required for asked in one.attributes)), None)
    context = {
        "root": root, "jurisdiction": district_code(), "service": service,
        "service_name": named(service) if service is not None else "", "count": len(offered()),
        "resources": _table(
            ("地址", "方法", "做什么"), [(path, method, gettext(text)) for method, path, text in _RESOURCES]
        ),
        "errors": _table(("代码", "意思"), [(code, gettext(text)) for code, text in _ERRORS]),
        "states": _table(
            ("细分状态", "标准状态", "意思"), [(key, plain(key), gettext(title)) for key, title in TITLES.items()]
        ),
        "minute": option("anonymous_per_minute"), "repeat": option("repeat_minutes"),
        "is_early": bool(option("publish_unreviewed")), "digits": option("coordinate_digits"),
        "samples": [
            (gettext("发现（JSON）"), reverse("open311:discovery", args=["json"])),
            (gettext("服务清单（JSON）"), reverse("open311:services", args=["json"])),
            (gettext("服务清单（XML）"), reverse("open311:services", args=["xml"])),
            (gettext("最近的事（JSON）"), reverse("open311:requests", args=["json"]) + "?page_size=20"),
        ],
    }  # fmt: skip
    return public_page(request, "open311/developers.html", context)


def _table(titles: tuple[str, ...], lines: list[tuple[str, ...]]) -> Table:
    rows = [Row(key=str(number), cells=line) for number, line in enumerate(lines)]
    return Table(
        title=gettext(titles[0]),
        columns=[Column(title=gettext(one)) for one in titles],
        rows=rows,
        is_cards=titles[0] == "地址",
    )
