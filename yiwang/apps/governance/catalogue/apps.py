"""Django's view of the catalogue; its entries of the rail and of the public header."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "yiwang.apps.governance.catalogue"
    label = "catalogue"
    verbose_name = "城市管理类别与部件"

    def ready(self) -> None:
        from yiwang.apps.governance.catalogue import entries

        entries.register()
