"""Django's view of cockpit."""

from __future__ import annotations

from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "yiwang.engines.cockpit"
    label = "cockpit"
    verbose_name = "驾驶舱"

    def ready(self) -> None:
        from yiwang.engines.cockpit.map import entries as case_map
        from yiwang.engines.cockpit.wall import entries as wall
        from yiwang.engines.cockpit.wall import movements

        case_map.register()
        wall.register()
        movements.connect()
