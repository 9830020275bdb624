"""Django's view of access; tells the page frame who is at work and where log-in and account are."""

from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "yiwang.engines.access"
    label = "access"
    verbose_name = "登录与访问"

    def ready(self) -> None:
        from yiwang.engines.access.selectors import user_card
        from yiwang.engines.directory.api import district_code, name_of
        from yiwang.ui.shell import configure

        configure(
            district_name=lambda: name_of(district_code()),
            user_card=user_card,
            log_in_url_name="access:log_in",
            log_out_url_name="access:log_out",
            account_url_name="access:account",
        )
