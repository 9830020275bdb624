"""Addresses of the forms engine, mounted by the project under one prefix."""

from __future__ import annotations

from django.urls import path, re_path

from yiwang.engines.forms import pages

app_name = "forms"
urlpatterns = [
    path("attachments/<uuid:attachment_id>", pages.attachment, name="attachment"),
    re_path(r"^map/(?P<level>town|village)\.json$", pages.map_layer, name="map"),
]
