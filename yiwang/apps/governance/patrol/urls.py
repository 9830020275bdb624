"""Addresses of the patrol, under /governance/patrol/."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.governance.patrol.pages import cells, coverage, field, lists, visits

app_name = "patrol"
urlpatterns = [
    path("", coverage.coverage_page, name="coverage"),
    path("odd/", lists.odd, name="odd"),
    path("odd/misses/<uuid:miss_id>/", lists.judge_miss, name="miss"),
    path("records/", lists.records, name="records"),
    path("visits/<uuid:visit_id>/", visits.visit_page, name="visit"),
    path("villages/<str:village>/", cells.village_page, name="village"),
    path("cells/<str:cell>/", cells.cell_page, name="cell"),
    path("cells/<str:cell>/lead/", cells.lead_page, name="lead"),
    path("cells/<str:cell>/places/new/", cells.place_page, name="place_new"),
    path("places/<uuid:place_id>/close/", cells.close_page, name="place_close"),
    path("field/", field.shell, name="field"),
    path("field/manifest.webmanifest", field.manifest, name="manifest"),
    path("field/worker.js", field.worker, name="worker"),
]
