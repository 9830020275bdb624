"""Django's view of triage; its entries of the rail, and what it hears of cases."""

from __future__ import annotations

from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "yiwang.apps.governance.triage"
    label = "triage"
    verbose_name = "非警务非紧急分流"

    def ready(self) -> None:
        from yiwang.apps.governance.triage import entries
        from yiwang.apps.governance.triage.pages.advice import told
        from yiwang.apps.governance.triage.services import listening
        from yiwang.engines.desk.api import Advice, register_advice

        entries.register()
        register_advice("city_incident.incident", Advice("triage:advice", told, suggests="triage.suggest"))
        listening.connect()
