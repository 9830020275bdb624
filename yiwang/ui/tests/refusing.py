"""Addresses that fail in every way a page can, beside those of the site."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from yiwang.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, TooLarge, Unavailable, UserError

ERRORS: dict[str, Any] = {
    "refused": UserError, "suspicious": SuspiciousOperation, "denied": PermissionDenied, "not-allowed": NotAllowed,
    "missing": NotFound, "stale": Conflict, "large": TooLarge, "invalid": InvalidInput, "broken": ZeroDivisionError,
    "outage": OperationalError, "unavailable": Unavailable,
}  # fmt: skip


def fail(request: HttpRequest, kind: str) -> HttpResponse:
    raise ERRORS[kind]()


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.POST)))



urlpatterns = [
    path("fail/<str:kind>/", fail),
    path("echo/", echo),
    path("", include("yiwang.project.urls")),
]
handler400 = "yiwang.ui.errors.bad_request"
handler403 = "yiwang.ui.errors.forbidden"
handler404 = "yiwang.ui.errors.not_found"
handler500 = "yiwang.ui.errors.server_error"
