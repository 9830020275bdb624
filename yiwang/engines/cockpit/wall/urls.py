"""Addresses of the wall."""

from __future__ import annotations

from django.urls import URLPattern, path

from yiwang.engines.cockpit.wall import pages

urlpatterns: list[URLPattern] = [
    path("wall/", pages.wall, name="wall"),
    path("wall/now/", pages.wall_now, name="wall_now"),
    path("wall/stream/", pages.wall_stream, name="wall_stream"),
]
