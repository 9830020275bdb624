"""Addresses of the access engine."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yiwang.engines.access.pages import log_in

app_name = "access"
urlpatterns: list[URLPattern | URLResolver] = [
    path("log-in/", log_in.log_in, name="log_in"),
    path("log-in/second-step/", log_in.second_step, name="second_step"),
    path("log-in/demo/", log_in.enter_demo, name="enter_demo"),
    path("log-out/", log_in.log_out, name="log_out"),
    path("logged-out/", log_in.logged_out, name="logged_out"),
]
