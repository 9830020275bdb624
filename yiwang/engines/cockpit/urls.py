"""Addresses of cockpit."""

from __future__ import annotations

from django.urls import URLPattern

from yiwang.engines.cockpit.map.urls import urlpatterns as case_map
from yiwang.engines.cockpit.wall.urls import urlpatterns as wall

app_name = "cockpit"
urlpatterns: list[URLPattern] = [*case_map, *wall]
