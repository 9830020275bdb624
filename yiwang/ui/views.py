"""Pages of the frame itself."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from yiwang.ui.components.base import TONES
from yiwang.ui.pages import public_page, safe_address, staff_page
from yiwang.ui.preferences import THEMES, Preferences, preferences_of, remember
from yiwang.ui.shell import shell_of
from yiwang.ui.style_page import fields, sections

_YEAR = 365 * 24 * 3600


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Remember `theme`, `elder` (1 or 0) or `language`, whichever was sent, and go back to the page."""
    before = preferences_of(request)
    theme, elder = request.POST.get("theme", ""), request.POST.get("elder", "")
    after = Preferences(theme if theme in THEMES else before.theme, elder == "1" if elder else before.is_elder)
    response = HttpResponseRedirect(safe_address(request, request.POST.get("next", "")))
    remember(response, after, is_secure=request.is_secure())
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=_YEAR, samesite="Lax", httponly=True,
            secure=request.is_secure(),
        )  # fmt: skip
    return response


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What the browser shows when it has no network."""
    return render(request, "ui/offline.html")


@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """Lets a phone put the platform on its home screen."""
    name = f"{shell_of(request).district_name}{gettext('一网')}"
    icons = [{"src": static("ui/mark.svg"), "sizes": "any", "type": "image/svg+xml"}]
    facts = {"name": name, "short_name": name, "start_url": "/", "display": "standalone", "icons": icons}
    colours = {"theme_color": "#0b3a55", "background_color": "#ffffff"}
    return JsonResponse({**facts, **colours}, content_type="application/manifest+json")


@require_GET
def style(request: HttpRequest) -> HttpResponse:
    """Every component in every state. `theme`, `elder=1` and `side=staff` show it as other people see it."""
    theme, is_elder = request.GET.get("theme", ""), request.GET.get("elder") == "1"
    if theme in THEMES or is_elder:
        shown = Preferences(theme if theme in THEMES else "auto", is_elder)
        request.shown_preferences = shown  # type: ignore[attr-defined]
    answer = staff_page if request.GET.get("side") == "staff" else public_page
    return answer(request, "ui/style.html", {"sections": sections(), "fields": fields(), "tones": TONES})
