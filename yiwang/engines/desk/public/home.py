"""The front door of the district: what one can do now, and which systems there are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from yiwang.engines.desk.public.kinds import kinds, nets
from yiwang.ui.pages import public_page

PHONES = (
    ("110", gettext_noop("报警求助，人身财产受到威胁")), ("119", gettext_noop("火灾和救援")),
    ("120", gettext_noop("医疗急救")), ("12345", gettext_noop("政务服务便民热线，不会上网也能办")),
)  # fmt: skip


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Report, follow, and the centre with its four nets."""
    offered = kinds()
    first = offered[0] if len(offered) == 1 else None
    return public_page(
        request, "desk/public/home.html", {"kinds": offered, "only": first, "nets": nets(), "phones": PHONES}
    )
