"""The shell of the inspector's phone page: an installable page that holds no data, its manifest and service worker.

The shell is open to everybody, because a phone must be able to draw it without a net and with an ended session; all
data come through the API, to whom they belong. The worker is served from under the page, so that its scope is the page
and nothing else of the site.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import orjson
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from yiwang.apps.governance.patrol.pages.phrases import phrases

PARTS = (
    "patrol/field/field.css", "patrol/field/store.js", "patrol/field/replay.js", "patrol/field/camera.js",
    "patrol/field/ground.js", "patrol/field/answers.js", "patrol/field/screens.js", "patrol/field/field.js",
    "patrol/field/icon-192.png", "patrol/field/icon-512.png",
)  # fmt: skip
_WORKER = "patrol/field/worker.js"


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The page, the same for everybody."""
    addresses = {
        "plan": "/api/patrol/plan", "reports": "/api/patrol/reports", "photos": "/api/attachments",
        "log_in": f"{reverse('access:log_in')}?next={reverse('patrol:field')}", "worker": reverse("patrol:worker"),
        "scope": reverse("patrol:field"),
    }  # fmt: skip
    context = {"phrases": phrases(), "addresses": addresses, "language": get_language()}
    return render(request, "patrol/field.html", context)


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to install the page."""
    icons = [
        {
            "src": static(f"patrol/field/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in (192, 512)
    ]
    facts = {
        "name": gettext("一网巡查"), "short_name": gettext("巡查"), "lang": get_language(),
        "start_url": reverse("patrol:field"), "scope": reverse("patrol:field"), "id": reverse("patrol:field"),
        "display": "standalone", "orientation": "portrait",
        "background_color": "#ffffff", "theme_color": "#0b3a55", "icons": icons,
    }  # fmt: skip
    return HttpResponse(orjson.dumps(facts), content_type="application/manifest+json")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; its version is the hash of all it keeps, so a new edition replaces the old one whole."""
    files = [reverse("patrol:field"), reverse("patrol:manifest"), *(static(name) for name in PARTS)]
    facts = {"version": _version(), "files": files, "shell": reverse("patrol:field")}
    text = f"const EDITION = {orjson.dumps(facts).decode()};\n{_content(_WORKER).decode()}"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = reverse("patrol:field")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _content(name: str) -> bytes:
    found = finders.find(name)
    assert isinstance(found, str), f"{name} is a static file of this app"
    return Path(found).read_bytes()


@lru_cache(maxsize=1)
def _version() -> str:
    page = (Path(__file__).parent.parent / "templates" / "patrol" / "field.html").read_bytes()
    running = hashlib.sha256(page)
    for name in (*PARTS, _WORKER):
        running.update(_content(name))
    return running.hexdigest()[:16]
