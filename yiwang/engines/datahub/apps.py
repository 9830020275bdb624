"""Django's view of datahub."""

from __future__ import annotations

from django.apps import AppConfig


class DatahubConfig(AppConfig):
    name = "yiwang.engines.datahub"
    label = "datahub"
    verbose_name = "数据底座"
