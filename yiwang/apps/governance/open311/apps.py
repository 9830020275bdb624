"""Django's view of the interface: its tables, its pages in the frame, and what it listens to."""

from __future__ import annotations

from django.apps import AppConfig


class Open311Config(AppConfig):
    name = "yiwang.apps.governance.open311"
    label = "open311"
    verbose_name = "Open311 开放接口"

    def ready(self) -> None:
        from yiwang.apps.governance.open311 import entries
        from yiwang.apps.governance.open311.services import updating

        entries.register()
        updating.listen()
