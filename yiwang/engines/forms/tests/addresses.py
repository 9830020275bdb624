"""Addresses for tests of this engine alone, with one page that asks everything."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from yiwang.engines.directory.api import ANONYMOUS
from yiwang.engines.forms.api import compile_form
from yiwang.engines.forms.tests.samples import EVERYTHING


def ask(request: HttpRequest) -> HttpResponse:
    compiled = compile_form(EVERYTHING)
    if request.method != "POST":
        return HttpResponse(compiled.render(request))
    submission = compiled.submit(request, actor=ANONYMOUS)
    return HttpResponse(submission.html or "accepted", status=submission.status)


urlpatterns = [path("forms/", include("yiwang.engines.forms.urls")), path("ask", ask)]
