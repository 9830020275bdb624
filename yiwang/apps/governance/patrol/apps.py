"""Django's entry: navigation, heads of the history, who may see photos, reports of citizens to compare with."""

from __future__ import annotations

from django.apps import AppConfig


class PatrolConfig(AppConfig):
    name = "yiwang.apps.governance.patrol"
    label = "patrol"
    verbose_name = "网格巡查"

    def ready(self) -> None:
        from yiwang.apps.governance.patrol import entries, ledger
        from yiwang.apps.governance.patrol.selectors import visits
        from yiwang.apps.governance.patrol.services import misses

        entries.register()
        ledger.register()
        visits.register()
        misses.listen()
