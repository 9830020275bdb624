"""Answers with a page: whole when the browser asks, only the asked-for part when htmx does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

_VARIES = ("HX-Request", "HX-Target", "HX-History-Restore-Request")


def is_partial(request: HttpRequest) -> bool:
    """True when htmx will place the answer into a page that stands already."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def shell_template(request: HttpRequest, *, whole: str = "ui/staff.html") -> str:
    """The template a staff page extends for this request: the whole shell, its main region or only block `detail`."""
    if not is_partial(request):
        return whole
    return "ui/detail_part.html" if request.headers.get("HX-Target") == "detail" else "ui/main_part.html"


def staff_page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a template that starts with `{% extends shell %}` in the staff frame."""
    response = render(request, template, {**(context or {}), "shell": shell_template(request)}, status=status)
    patch_vary_headers(response, _VARIES)
    return response


def public_page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a template that starts with `{% extends shell %}` in the public frame."""
    whole = shell_template(request, whole="ui/base.html")
    response = render(request, template, {**(context or {}), "shell": whole}, status=status)
    patch_vary_headers(response, _VARIES)
    return response


def safe_address(request: HttpRequest, wanted: str, otherwise: str = "/") -> str:
    """`wanted` when it leads to a page of this site, else `otherwise`: nobody sends our readers elsewhere."""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else otherwise
