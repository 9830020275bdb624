"""Addresses of the access engine."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yiwang.engines.access.pages import account, log_in, second_factor, tokens

app_name = "access"
urlpatterns: list[URLPattern | URLResolver] = [
    path("log-in/", log_in.log_in, name="log_in"),
    path("log-in/second-step/", log_in.second_step, name="second_step"),
    path("log-in/demo/", log_in.enter_demo, name="enter_demo"),
    path("log-out/", log_in.log_out, name="log_out"),
    path("logged-out/", log_in.logged_out, name="logged_out"),
    path("", account.account, name="account"),
    path("password/", account.password, name="password"),
    path("sessions/end/", account.end_session, name="end_session"),
    path("sessions/end-others/", account.end_other_sessions, name="end_other_sessions"),
    path("second-factor/", second_factor.turn_on, name="second_factor_on"),
    path("second-factor/off/", second_factor.turn_off, name="second_factor_off"),
    path("tokens/new/", tokens.make, name="make_token"),
    path("tokens/end/", tokens.end, name="end_token"),
]
