"""Addresses for tests of this engine alone, with one page that asks everything."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
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


def page(request: HttpRequest) -> HttpResponse:
    """The same form as a whole page with a button, for a browser."""
    inside = ask(request).content.decode()
    head = '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>表单</title><link rel="icon" href="data:,">'
    token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'
    form = (
        f'<form method="post" novalidate enctype="multipart/form-data">{token}{inside}<button id="send">提交</button>'
    )
    return HttpResponse(f"{head}<body>{form}</form></body></html>")


urlpatterns = [path("forms/", include("yiwang.engines.forms.urls")), path("ask", ask), path("page", page)]
