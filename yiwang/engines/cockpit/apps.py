"""Django's view of cockpit."""

from __future__ import annotations

from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "yiwang.engines.cockpit"
    label = "cockpit"
    verbose_name = "驾驶舱"
