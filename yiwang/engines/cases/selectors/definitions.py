"""What is defined: case types with their versions, and how many cases run on each. For those who keep definitions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Count

from yiwang.engines.cases.models import RUNNING, AppVersion, Case
from yiwang.engines.cases.rights import require_definitions
from yiwang.engines.cases.services.checking import findings
from yiwang.engines.directory.api import Actor
from yiwang.engines.processes.api import Finding
from yiwang.kernel.app import registry
from yiwang.kernel.errors import NotFound

_FIELDS = ("id", "type", "number", "title", "status", "sha256", "created_at", "published_at")


@dataclass(frozen=True, slots=True)
class Version:
    """One version without its content; `running` counts the cases open or suspended on it."""

    id: UUID
    type: str
    number: int
    title: str
    status: str
    sha256: str
    created_at: datetime
    published_at: datetime | None
    running: int


@dataclass(frozen=True, slots=True)
class Definition:
    """A case type: all its versions, the newest first."""

    type: str
    versions: tuple[Version, ...]

    @property
    def published(self) -> Version | None:
        """The version new cases start on."""
        return next((one for one in self.versions if one.status == "published"), None)

    @property
    def shown(self) -> Version:
        """The version that stands for the type: the published one, else the newest."""
        return self.published or self.versions[0]

    @property
    def running(self) -> int:
        return sum(one.running for one in self.versions)

    @property
    def behind(self) -> int:
        """Running cases that are not on the published version."""
        return self.running - self.published.running if self.published else 0


def definitions(actor: Actor, type: str = "") -> list[Definition]:
    """Every case type, or only the one named; two SQL statements. NotAllowed without the right."""
    require_definitions(actor)
    only = {"type": type} if type else {}
    running = Case.objects.filter(status__in=RUNNING, **only).values_list("version").annotate(Count("pk"))
    counts: Counter[UUID] = Counter(dict(running.order_by()))
    rows = AppVersion.objects.filter(**only).order_by("type", "-number").values(*_FIELDS)
    found = [Version(**row, running=counts[row["id"]]) for row in rows]
    return [Definition(key, tuple(group)) for key, group in groupby(found, key=lambda one: one.type)]


def definition(actor: Actor, type: str) -> Definition:
    """One case type; NotFound for one that is not defined."""
    found = definitions(actor, type)
    if not found:
        raise NotFound("没有这种事项类型。", next_step="请从流程定义的列表中选择。")
    return found[0]


def content(actor: Actor, version: Version) -> dict[str, Any]:
    """The bundle of a version."""
    require_definitions(actor)
    bundle: dict[str, Any] = AppVersion.objects.values_list("bundle", flat=True).get(pk=version.id)
    return bundle


def faults_of(actor: Actor, bundle: dict[str, Any]) -> list[Finding]:
    """All that stands against publishing this content, and hints that do not."""
    require_definitions(actor)
    return findings(bundle, registry)
