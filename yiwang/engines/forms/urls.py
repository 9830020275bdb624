"""Addresses of the forms engine, mounted by the project under one prefix."""

from __future__ import annotations

from django.urls import path

from yiwang.engines.forms import pages

app_name = "forms"
urlpatterns = [
    path("attachments/<uuid:attachment_id>", pages.attachment, name="attachment"),
    path("map.json", pages.map_layers, name="map"),
]
