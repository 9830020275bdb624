"""Addresses of gathering."""

from __future__ import annotations

from django.urls import URLPattern, path

from yiwang.engines.gathering.pages import bundles, cases, public, splitting

app_name = "gathering"
_CASE = "cases/<uuid:case_id>/"
urlpatterns: list[URLPattern] = [
    path(_CASE, cases.case, name="case"),
    path(f"{_CASE}compare/", cases.compare, name="compare"),
    path(f"{_CASE}merge/", cases.merge_case, name="merge"),
    path(f"{_CASE}unmerge/", cases.unmerge_case, name="unmerge"),
    path(f"{_CASE}split/", splitting.split_case, name="split"),
    path(f"{_CASE}bundle/", cases.bundle_case, name="bundle_case"),
    path("bundles/", bundles.bundles, name="bundles"),
    path("bundles/<uuid:bundle_id>/", bundles.bundle, name="bundle"),
    path("bundles/<uuid:bundle_id>/change/", bundles.change_bundle, name="change_bundle"),
    path("nearby", public.nearby, name="nearby"),
]
