"""Every address of the site: engines mount their pages here; an app with pages has them under its net and key."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from yiwang.kernel.app import app_modules
from yiwang.project.api_page import api_page
from yiwang.project.health import healthz
from yiwang.project.open_api import api

handler400 = "yiwang.ui.errors.bad_request"
handler403 = "yiwang.ui.errors.forbidden"
handler404 = "yiwang.ui.errors.not_found"
handler500 = "yiwang.ui.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("api/docs", api_page, name="api_docs"),
    path("api/", api.urls),
    path("", include("yiwang.ui.urls")),
    path("forms/", include("yiwang.engines.forms.urls")),
    path("account/", include("yiwang.engines.access.urls")),
    path("account/", include("yiwang.engines.access.openid_urls")),
    path("directory/", include("yiwang.engines.registry.urls")),
    path("rulebooks/", include("yiwang.engines.rulebooks.urls")),
    path("gathering/", include("yiwang.engines.gathering.urls")),
    path("exchange/", include("yiwang.engines.exchange.urls")),
    path("cockpit/", include("yiwang.engines.cockpit.urls")),
    *(path(f"{net}/{key}/", include(module)) for net, key, module in app_modules("urls")),
    path("", include("yiwang.engines.desk.urls")),
]
