"""Django's view of credit: its tables, its pages in the frame, its heads in the journal and what it listens to."""

from __future__ import annotations

from django.apps import AppConfig


class CreditConfig(AppConfig):
    name = "yiwang.apps.governance.credit"
    label = "credit"
    verbose_name = "信用评价"

    def ready(self) -> None:
        from yiwang.apps.governance.credit import entries
        from yiwang.apps.governance.credit.services import ledger, listening

        ledger.register()
        listening.connect()
        entries.register()
