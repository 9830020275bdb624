"""Addresses of the interface, under /governance/open311/: the same resources on a production and a test endpoint."""

from __future__ import annotations

from django.urls import URLPattern, path

from yiwang.apps.governance.open311.pages import developers, imports, keys, resources

_RESOURCES = (
    ("services.<str:format>", resources.services, "services"),
    ("services/<str:service_code>.<str:format>", resources.definition, "definition"),
    ("requests.<str:format>", resources.service_requests, "requests"),
    ("requests/<str:service_request_id>.<str:format>", resources.service_request, "request"),
    ("tokens/<str:token>.<str:format>", resources.token, "token"),
    ("servicerequestupdates.<str:format>", resources.service_request_updates, "updates"),
)


def _endpoint(prefix: str, name: str, *, is_test: bool) -> list[URLPattern]:
    return [
        path(f"{prefix}{pattern}", view, {"is_test": is_test}, name=f"{name}{key}") for pattern, view, key in _RESOURCES
    ]


app_name = "open311"
urlpatterns: list[URLPattern] = [
    path("", developers.developers, name="developers"),
    path("discovery.<str:format>", resources.discovery, name="discovery"),
    *_endpoint("v2/", "", is_test=False),
    *_endpoint("test/v2/", "test_", is_test=True),
    path("keys/", keys.keys, name="keys"),
    path("keys/<uuid:key_id>/withdraw/", keys.withdraw, name="withdraw"),
    path("import/", imports.imported, name="import"),
    path("import/<uuid:import_id>/", imports.report, name="import_report"),
]
