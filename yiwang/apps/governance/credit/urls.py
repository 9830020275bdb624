"""Addresses of credit, under /governance/credit/."""

from __future__ import annotations

from django.urls import URLPattern, path

from yiwang.apps.governance.credit.pages import asking, league, lists, months, subject

app_name = "credit"
urlpatterns: list[URLPattern] = [
    path("", league.shown, name="league"),
    path("subjects/<uuid:subject_id>/", subject.shown, name="subject"),
    path("entries/<int:entry_id>/objection/", asking.objection, name="objection"),
    path("entries/<int:entry_id>/repair/", asking.repair, name="repair"),
    path("lists/", lists.shown, name="lists"),
    path("objections/", lists.objections, name="objections"),
    path("months/", months.listed, name="months"),
    path("months/<str:month>/", months.shown, name="month"),
]
