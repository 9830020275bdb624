"""Django's view of dispatching; its place in the rail and on the case page."""

from __future__ import annotations

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "yiwang.apps.governance.dispatch"
    label = "dispatch"
    verbose_name = "责任与派遣"

    def ready(self) -> None:
        from yiwang.apps.governance.dispatch import entries

        entries.register()
