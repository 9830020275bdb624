"""Django's view of the policies; their entry of the rail and who may see their files."""

from __future__ import annotations

from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "yiwang.apps.governance.rulebook"
    label = "rulebook"
    verbose_name = "制度体系"

    def ready(self) -> None:
        from yiwang.apps.governance.rulebook import entries, policies

        entries.register()
        policies.register_files()
