"""Django's view of the registry; its entries of the rail."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "yiwang.engines.registry"
    label = "registry"
    verbose_name = "通讯录与日历"

    def ready(self) -> None:
        from yiwang.engines.registry import entries

        entries.register()
