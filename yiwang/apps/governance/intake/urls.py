"""Addresses of intake, under /governance/intake/."""

from __future__ import annotations

from django.urls import URLPattern, path

from yiwang.apps.governance.intake.pages import arrivals, places

app_name = "intake"
urlpatterns: list[URLPattern] = [
    path("", arrivals.arrivals, name="arrivals"),
    path("places/", places.places, name="places"),
    path("<uuid:arrival_id>/", arrivals.arrival, name="arrival"),
    path("<uuid:arrival_id>/again/", arrivals.again, name="again"),
]
