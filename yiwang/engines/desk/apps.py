"""Django's view of the desk."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "yiwang.engines.desk"
    label = "desk"
    verbose_name = "工作台"

    def ready(self) -> None:
        from yiwang.engines.desk.cases import notices
        from yiwang.engines.desk.lists import entries as lists
        from yiwang.engines.desk.public import entries
        from yiwang.engines.desk.running import entries as running

        lists.register()
        entries.register()
        running.register()
        notices.connect()
