"""Django's view of access."""

from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "yiwang.engines.access"
    label = "access"
    verbose_name = "登录与访问"
