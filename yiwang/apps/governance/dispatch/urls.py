"""Addresses of dispatching."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.governance.dispatch.pages import console, sending

app_name = "dispatch"
urlpatterns = [
    path("", console.page, name="console"),
    path("cases/<uuid:case_id>/responders/", sending.page, name="responders"),
    path("cases/<uuid:case_id>/assign/", sending.send, name="assign"),
]
