"""Django's view of rulebooks."""

from __future__ import annotations

from django.apps import AppConfig


class RulebooksConfig(AppConfig):
    name = "yiwang.engines.rulebooks"
    label = "rulebooks"
    verbose_name = "规则库"
