"""Addresses of the direct line, under /governance/direct_line/."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "direct_line"
urlpatterns: list[URLPattern] = []
