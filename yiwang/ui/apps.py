"""Django's view of the frame."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register


class UiConfig(AppConfig):
    name = "yiwang.ui"
    label = "ui"
    verbose_name = "页面框架"

    def ready(self) -> None:
        from yiwang.ui.checks import navigation_leads_somewhere

        register(navigation_leads_somewhere)
