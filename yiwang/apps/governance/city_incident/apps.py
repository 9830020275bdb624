"""Django's view of city incidents: what they listen to."""

from __future__ import annotations

from django.apps import AppConfig


class CityIncidentConfig(AppConfig):
    name = "yiwang.apps.governance.city_incident"
    label = "city_incident"
    verbose_name = "城市部件事件"

    def ready(self) -> None:
        from yiwang.apps.governance.city_incident import follow_ups

        follow_ups.connect()
