"""Django's view of exchange."""

from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "yiwang.engines.exchange"
    label = "exchange"
    verbose_name = "平台对接"

    def ready(self) -> None:
        from yiwang.engines.exchange import entries

        entries.connect()
