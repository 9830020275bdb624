"""Addresses of the direct line, under /governance/direct_line/."""

from __future__ import annotations

from django.urls import URLPattern, path

from yiwang.apps.governance.direct_line.pages import articles, callbacks, desk, rates

app_name = "direct_line"
urlpatterns: list[URLPattern] = [
    path("desk/", desk.desk, name="desk"),
    path("desk/articles/", desk.desk_articles, name="desk_articles"),
    path("callbacks/", callbacks.callbacks, name="callbacks"),
    path("callbacks/<uuid:appeal_id>/", callbacks.callback, name="callback"),
    path("articles/", articles.articles, name="articles"),
    path("articles/new/", articles.article_new, name="article_new"),
    path("articles/<uuid:article_id>/", articles.article, name="article"),
    path("knowledge/", articles.public, name="knowledge"),
    path("rates/", rates.shown, name="rates"),
]
