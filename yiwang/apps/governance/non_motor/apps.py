"""Django's view of the safety of electric bicycles; its pages in the frame."""

from __future__ import annotations

from django.apps import AppConfig


class NonMotorConfig(AppConfig):
    name = "yiwang.apps.governance.non_motor"
    label = "non_motor"
    verbose_name = "非机动车安全整治"

    def ready(self) -> None:
        from yiwang.apps.governance.non_motor import entries
        from yiwang.apps.governance.non_motor.services import photos

        photos.guard()
        entries.register()
