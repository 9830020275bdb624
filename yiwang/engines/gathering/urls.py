"""Addresses of gathering."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "gathering"
urlpatterns: list[URLPattern] = []
