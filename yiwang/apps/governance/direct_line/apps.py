"""Django's view of the direct line: its tables, its pages in the frame, and what it listens to."""

from __future__ import annotations

from django.apps import AppConfig


class DirectLineConfig(AppConfig):
    name = "yiwang.apps.governance.direct_line"
    label = "direct_line"
    verbose_name = "区长直通车"

    def ready(self) -> None:
        from yiwang.apps.governance.direct_line import entries
        from yiwang.apps.governance.direct_line.services import listening

        entries.register()
        listening.connect()
