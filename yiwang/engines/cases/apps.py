"""Django's view of the case engine."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "yiwang.engines.cases"
    label = "cases"
    verbose_name = "办件引擎"

    def ready(self) -> None:
        from yiwang.engines.cases import connections

        connections.make()
