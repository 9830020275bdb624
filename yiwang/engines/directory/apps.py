"""Django's view of the directory; the built-in roles join those of the apps here."""

from __future__ import annotations

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "yiwang.engines.directory"
    label = "directory"
    verbose_name = "通讯录与日历"

    def ready(self) -> None:
        from yiwang.engines.directory.administration import built_in_roles
        from yiwang.engines.directory.roles import add_role_source

        add_role_source(built_in_roles)
