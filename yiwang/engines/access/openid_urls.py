"""Addresses of the log-in by OpenID Connect, under the names django-allauth looks for."""

from __future__ import annotations

from django.urls import path

from yiwang.engines.access import openid

urlpatterns = [
    path("openid/<slug:provider_id>/", openid.begin, name="openid_connect_login"),
    path("openid/<slug:provider_id>/callback/", openid.come_back, name="openid_connect_callback"),
]
