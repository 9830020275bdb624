"""Addresses of the keeping of the platform."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yiwang.engines.desk.running import changing, definitions, effects

_TYPE = "work/definitions/<str:type>/"
_VERSION = f"{_TYPE}<int:version>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("work/definitions/", definitions.listed, name="definitions"),
    path(_TYPE, definitions.one, name="definition"),
    path(f"{_TYPE}upload/", changing.upload, name="definition_upload"),
    path(f"{_TYPE}migrate/", changing.migrate, name="definition_migrate"),
    path(_VERSION, definitions.version, name="definition_version"),
    path(f"{_VERSION}process.bpmn", definitions.bpmn_file, name="definition_file"),
    path(f"{_VERSION}publish/", changing.publish, name="definition_publish"),
    path("work/effects/", effects.listed, name="effects"),
    path("work/effects/retry/", effects.retry_them, name="effects_retry"),
]
