"""Django's entry: hears what the directory changes once everything is loaded."""

from __future__ import annotations

from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "yiwang.engines.trust"
    label = "trust"

    def ready(self) -> None:
        from yiwang.engines.trust import listeners

        listeners.connect()
