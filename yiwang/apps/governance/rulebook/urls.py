"""Addresses of the policies."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.governance.rulebook import keeping, pages

app_name = "rulebook"
urlpatterns = [
    path("", pages.policies, name="policies"),
    path("new/", keeping.new, name="new"),
    path("<int:policy_id>/", pages.policy, name="policy"),
    path("<int:policy_id>/change/", keeping.change, name="change"),
    path("<int:policy_id>/replace/", keeping.replace, name="replace"),
    path("<int:policy_id>/repeal/", keeping.repeal, name="repeal"),
]
