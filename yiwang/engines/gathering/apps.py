"""Django's view of gathering."""

from __future__ import annotations

from django.apps import AppConfig


class GatheringConfig(AppConfig):
    name = "yiwang.engines.gathering"
    label = "gathering"
    verbose_name = "并案"

    def ready(self) -> None:
        from yiwang.engines.gathering import entries

        entries.connect()
