"""Addresses of the public side."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yiwang.engines.desk.public import following, home, reporting

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("report/<str:type>/", reporting.report, name="report"),
    path("receipt/<str:number>/", reporting.receipt, name="receipt"),
    path("follow/", following.follow, name="follow"),
    path("follow/<str:number>/", following.followed_case, name="followed"),
    path("follow/<str:number>/act/", following.follow_act, name="follow_act"),
    path("follow/<str:number>/files/<uuid:attachment_id>", following.follow_file, name="follow_file"),
    path("follow/<str:number>/link/<str:secret>/", following.follow_link, name="follow_link"),
]
