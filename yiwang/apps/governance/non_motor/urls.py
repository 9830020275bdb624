"""Addresses of the safety of electric bicycles, under /governance/non_motor/."""

from __future__ import annotations

from django.urls import URLPattern, path

from yiwang.apps.governance.non_motor.pages import bringing, hot_spots, lists, recording

app_name = "non_motor"
urlpatterns: list[URLPattern] = [
    path("", lists.violations_page, name="violations"),
    path("offenders/", lists.offenders_page, name="offenders"),
    path("violations/<uuid:violation_id>/offender/", lists.offender_page, name="offender"),
    path("record/", recording.shown, name="record"),
    path("import/", bringing.shown, name="import"),
    path("hot-spots/", hot_spots.shown, name="hot_spots"),
]
