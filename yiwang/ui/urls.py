"""Addresses of the page frame: the style page, preferences, the page shown without a network."""

from __future__ import annotations

from django.urls import path

from yiwang.ui import views

app_name = "ui"
urlpatterns = [
    path("style/", views.style, name="style"),
    path("preferences/", views.preferences, name="preferences"),
    path("offline/", views.offline, name="offline"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]
