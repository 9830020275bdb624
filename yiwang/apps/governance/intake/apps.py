"""Django's view of intake: its tables and its entries of the rail."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "yiwang.apps.governance.intake"
    label = "intake"
    verbose_name = "事件上报"

    def ready(self) -> None:
        from yiwang.apps.governance.intake import entries

        entries.register()
