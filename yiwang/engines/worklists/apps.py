"""Django's view of the work lists."""

from __future__ import annotations

from django.apps import AppConfig


class WorklistsConfig(AppConfig):
    name = "yiwang.engines.worklists"
    label = "worklists"
    verbose_name = "工作列表"
