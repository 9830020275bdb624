"""Django's view of rulebooks; its entry of the rail and its check."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register


class RulebooksConfig(AppConfig):
    name = "yiwang.engines.rulebooks"
    label = "rulebooks"
    verbose_name = "规则库"

    def ready(self) -> None:
        from yiwang.engines.forms.api import add_list_source
        from yiwang.engines.rulebooks import entries, lists
        from yiwang.engines.rulebooks.checks import covers_lead_somewhere

        add_list_source(lists.entries)
        entries.register()
        register(covers_lead_somewhere)
