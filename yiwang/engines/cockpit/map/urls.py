"""Addresses of the map."""

from __future__ import annotations

from django.urls import URLPattern, path

from yiwang.engines.cockpit.map import pages

urlpatterns: list[URLPattern] = [
    path("map/", pages.case_map, name="map"),
    path("map/view/", pages.case_map_view, name="map_view"),
]
