"""Addresses of one case."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yiwang.engines.desk.cases import doing, notices, pages

_CASE = "work/cases/<uuid:case_id>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(_CASE, pages.case, name="case"),
    path(f"{_CASE}clocks/", pages.clocks, name="clocks"),
    path(f"{_CASE}flow/", pages.flow, name="flow"),
    path(f"{_CASE}chain/", pages.chain, name="chain"),
    path(f"{_CASE}paper/", pages.paper, name="paper"),
    path(f"{_CASE}watching/", pages.watching, name="watching"),
    path("work/notices/", notices.inbox, name="notices"),
    path("work/notices/<int:number>/", notices.notice, name="notice"),
    path(f"{_CASE}<slug:verb>/", doing.verb, name="act"),
]
