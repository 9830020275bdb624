"""Tells Django of the engine's tables and checks."""

from __future__ import annotations

from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "yiwang.engines.forms"
    label = "forms"
    verbose_name = "表单"
