"""Every write of the forms engine: uploads and what they are attached to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.base import File

from yiwang.engines.directory.api import Actor
from yiwang.engines.forms import storing
from yiwang.engines.forms.field_words import FILE_KINDS
from yiwang.engines.forms.models import Attachment
from yiwang.engines.forms.owners import owner_of
from yiwang.engines.forms.recognising import fitting_name
from yiwang.kernel.clock import now
from yiwang.kernel.errors import NotAllowed, NotFound
from yiwang.kernel.ids import new_id


def store_upload(
    file: File[Any], kinds: tuple[str, ...] = FILE_KINDS, *, actor: Actor, session_key: str | None = ""
) -> Attachment:
    """Keep an upload of one of the `kinds`; it belongs to the actor (or the visitor's session) until attached.

    Raises a refusal of `refusals` in Chinese; then nothing was stored.
    """
    owner = owner_of(actor, session_key)
    if not owner:
        raise NotAllowed("无法确认上传者。", next_step="请允许浏览器使用 Cookie 后重试。")
    stored = storing.store(file, kinds)
    return Attachment.objects.create(
        sm3=stored.sm3,
        size=stored.size,
        media_type=stored.content.media_type,
        kind=stored.content.kind,
        name=fitting_name(file.name or "", stored.content),
        exif=stored.exif,
        scan=stored.scan,
        owner=owner,
        uploaded_by_id=actor.user_id,
        at=now(),
    )


def attach(ids: Iterable[str | UUID], kind: str, subject: str, *, actor: Actor, session_key: str | None = "") -> None:
    """Say that these attachments now belong to a subject, such as ("case", id); its guard decides from here on.

    The actor must own them, or they must be the subject's already; NotFound otherwise and nothing changes.
    """
    wanted = {UUID(str(item)) for item in ids}
    if not wanted:
        return
    owner = owner_of(actor, session_key)
    found = Attachment.objects.select_for_update().filter(id__in=wanted).only("id", "owner", "subject_kind", "subject")
    fresh = []
    for item in found:
        if (item.subject_kind, item.subject) == (kind, subject):
            wanted.discard(item.id)
        elif not item.subject_kind and (actor.is_system or item.owner == owner):
            wanted.discard(item.id)
            fresh.append(item.id)
    if wanted:
        raise NotFound("有附件不存在，或不属于您。", next_step="请重新上传附件。")
    Attachment.objects.filter(id__in=fresh).update(subject_kind=kind, subject=subject)


def copy_attachments(actor: Actor, ids: Iterable[str]) -> dict[str, str]:
    """Fresh uploads of the actor with the content of these attachments, by the old id: for data taken to another case.

    The content is stored once. Whether the actor may carry them over is the caller's matter.
    """
    found = Attachment.objects.filter(id__in=[UUID(one) for one in ids])
    copies = {}
    for item in found:
        before, item.pk = str(item.pk), new_id()
        item.owner, item.uploaded_by_id, item.at = owner_of(actor), actor.user_id, now()
        item.subject_kind = item.subject = ""
        copies[before] = str(item.pk)
        item.save(force_insert=True)
    return copies


def _is_older(path: Path, before: datetime) -> bool:
    return path.exists() and path.stat().st_mtime < before.timestamp()


def remove_unattached(before: datetime) -> int:
    """Forget uploads older than `before` that nobody attached; content no row names any more is deleted. The count."""
    rows = list(Attachment.objects.filter(subject_kind="", at__lt=before).only("id", "sm3"))
    Attachment.objects.filter(id__in=[row.id for row in rows], subject_kind="").delete()
    kept = set(Attachment.objects.filter(sm3__in={row.sm3 for row in rows}).values_list("sm3", flat=True))
    for row in rows:
        if row.sm3 not in kept and _is_older(row.path, before):
            row.path.unlink(missing_ok=True)
    return len(rows)
