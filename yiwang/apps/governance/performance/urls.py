"""Addresses of the performance statistics."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.governance.performance.pages import data, facts, freezing, indicator, league, scores

app_name = "performance"
urlpatterns = [
    path("", league.page, name="league"),
    path("export.csv", league.csv_file, name="csv"),
    path("export.xlsx", league.workbook, name="workbook"),
    path("indicators/<slug:indicator>/", indicator.page, name="indicator"),
    path("indicators/<slug:indicator>/facts/", facts.page, name="facts"),
    path("scores/", scores.page, name="scores"),
    path("frozen/", freezing.listed, name="frozen_list"),
    path("frozen/<str:period>/", freezing.one, name="frozen"),
    path("data/", data.page, name="data"),
]
