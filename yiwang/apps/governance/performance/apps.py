"""Django's view of the performance statistics; their place in the rail."""

from __future__ import annotations

from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    name = "yiwang.apps.governance.performance"
    label = "performance"
    verbose_name = "全闭环统计"

    def ready(self) -> None:
        from yiwang.apps.governance.performance import entries

        entries.register()
