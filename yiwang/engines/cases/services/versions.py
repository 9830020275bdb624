"""Definitions: register the apps' own, publish drafts, keep the old ones running."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from yiwang.engines.cases.models import AppVersion
from yiwang.engines.cases.rights import require_definitions
from yiwang.engines.cases.services.checking import DefinitionFaulty, canonical, require_sound
from yiwang.engines.directory.api import SYSTEM, Actor, Cached, bump
from yiwang.engines.processes.api import bundle_of
from yiwang.engines.processes.spec import CaseType
from yiwang.engines.trust import api as trust
from yiwang.kernel.app import Registry, registry
from yiwang.kernel.clock import now
from yiwang.kernel.errors import NotFound, SpecError

_SUBJECT = "definitions"


def _load() -> dict[str, UUID]:
    return dict(AppVersion.objects.filter(status="published").values_list("type", "id"))


_published: Cached[dict[str, UUID]] = Cached(_SUBJECT, _load)


def published() -> dict[str, UUID]:
    """The version new cases of each type start on."""
    return _published.get()


def versions() -> list[tuple[str, UUID]]:
    """(type, id) of every definition cases may run on, oldest first in each type."""
    rows = AppVersion.objects.exclude(status="draft").order_by("type", "number")
    return list(rows.values_list("type", "id"))


def store_draft(actor: Actor, bundle: Mapping[str, Any]) -> AppVersion:
    """Keep a bundle as a draft; the same content again gives the version that is there.

    DefinitionFaulty when it is no bundle or too big; whether it is sound is asked when it is published.
    """
    require_definitions(actor)
    digest = hashlib.sha256(canonical(bundle)).hexdigest()
    type = f"{bundle['app']}.{bundle['key']}"
    with transaction.atomic():
        known = AppVersion.objects.select_for_update().filter(type=type).order_by("-number")
        for version in known:
            if version.sha256 == digest:
                return version
        number = known[0].number + 1 if known else 1
        version = AppVersion.objects.create(
            type=type, number=number, title=bundle["title"], bundle=dict(bundle), sha256=digest, created_at=now()
        )
        _journal(actor, "definition.drafted", version)
    return version


def publish(actor: Actor, version: AppVersion, apps: Registry = registry) -> AppVersion:
    """Make a version the one new cases start on; running cases stay on theirs. DefinitionFaulty lists what is wrong."""
    require_definitions(actor)
    if version.published_at is None:
        require_sound(version, apps)
    with transaction.atomic():
        rows = AppVersion.objects.select_for_update().filter(type=version.type).order_by("number")
        version.status = dict(rows.values_list("pk", "status"))[version.pk]  # Two who publish at once take turns.
        AppVersion.objects.filter(type=version.type, status="published").exclude(pk=version.pk).update(status="retired")
        if version.status != "published":
            version.status, version.published_at = "published", now()
            version.save(update_fields=["status", "published_at"])
            _journal(actor, "definition.published", version)
            bump(_SUBJECT)
    return version


def publish_number(actor: Actor, type: str, number: int) -> AppVersion:
    """Publish a version by its number; NotFound when there is none."""
    require_definitions(actor)
    version = AppVersion.objects.filter(type=type, number=number).first()
    if version is None:
        raise NotFound(gettext("“{type}”没有第 {number} 版。").format(type=type, number=number))
    return publish(actor, version)


def _journal(actor: Actor, kind: str, version: AppVersion) -> None:
    facts = {"type": version.type, "number": version.number, "sha256": version.sha256}
    trust.append(trust.stream_named(f"definition:{version.type}"), kind, facts, actor=actor)


def register_apps(apps: Registry = registry) -> list[AppVersion]:
    """Store and publish the case types all apps declare; what has not changed costs one look.

    SpecError names the first fault of a declaration: the start stops there.
    """
    declared = [(app.key, case_type) for app in apps.apps.values() for case_type in app.of(CaseType)]
    return [_register(bundle_of(app, case_type), apps) for app, case_type in declared]


def _is_set_aside(version: AppVersion) -> bool:
    """Whether a person published another version in its place: the next start does not undo that."""
    if version.status != "retired":
        return False
    entries = trust.history(SYSTEM, trust.stream_named(f"definition:{version.type}"))
    latest = [entry for entry in entries if entry.kind == "definition.published"][-1]
    return latest.actor_id is not None


def _register(bundle: Mapping[str, Any], apps: Registry) -> AppVersion:
    try:
        version = store_draft(SYSTEM, bundle)
        return version if _is_set_aside(version) else publish(SYSTEM, version, apps)
    except DefinitionFaulty as faulty:
        first, rest = faulty.findings[0], len(faulty.findings) - 1
        more = f" ({rest} more: yiwang process check)" if rest else ""
        where = f"CaseType '{bundle['app']}.{bundle['key']}', {first.where}"
        raise SpecError(where, first.what, f"{first.now}{more}") from faulty
