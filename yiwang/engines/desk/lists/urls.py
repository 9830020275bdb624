"""Addresses of the work lists."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yiwang.engines.desk.lists import exporting, keeping, pages, selecting

urlpatterns: list[URLPattern | URLResolver] = [
    path("work/", pages.work, name="work"),
    path("work/live/", pages.live, name="live"),
    path("work/paper/", pages.paper, name="list_paper"),
    path("work/export.csv", exporting.export, name="export"),
    path("work/bulk/", selecting.bulk, name="bulk"),
    path("work/filters/", keeping.saved, name="filters"),
    path("work/filters/<uuid:id>/<slug:act>/", keeping.change, name="filter"),
]
