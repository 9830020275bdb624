"""Every read of the forms engine; the actor comes first."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings

from yiwang.engines.directory.api import Actor
from yiwang.engines.forms.models import Attachment
from yiwang.engines.forms.owners import may_see, owner_of
from yiwang.engines.forms.pictures import write_thumbnail
from yiwang.kernel.errors import NotFound


def open_attachment(actor: Actor, attachment_id: str | UUID, session_key: str | None = "") -> Attachment:
    """An attachment the actor may see (`.path` is the file); NotFound for all others alike."""
    try:
        found = Attachment.objects.filter(id=UUID(str(attachment_id))).first()
    except ValueError:
        found = None
    if found is None or not may_see(found, actor, owner_of(actor, session_key)):
        raise NotFound("没有找到这个附件，或您无权查看。")
    return found


def _well_formed(ids: Iterable[str]) -> list[UUID]:
    found = []
    for one in ids:
        with suppress(ValueError):
            found.append(UUID(one))
    return found


def usable_attachments(actor: Actor, ids: Iterable[str], session_key: str | None = "") -> dict[str, Attachment]:
    """Of these ids, the fresh uploads that this actor (or session) made and has not used yet."""
    owner, wanted = owner_of(actor, session_key), _well_formed(ids)
    if not owner or not wanted:
        return {}
    rows = Attachment.objects.filter(id__in=wanted, owner=owner, subject_kind="")
    return {str(row.id): row for row in rows}


def attachments_named(ids: Iterable[str]) -> dict[str, Attachment]:
    """Attachments for showing their names beside links; the link itself asks the guard."""
    wanted = _well_formed(ids)
    return {str(row.id): row for row in Attachment.objects.filter(id__in=wanted)} if wanted else {}


def thumbnail_path(attachment: Attachment) -> Path:
    """The small copy of a picture, made when first asked for."""
    path = Path(settings.MEDIA_ROOT) / "thumbnails" / attachment.sm3[:2] / f"{attachment.sm3}.jpg"
    if not path.exists():
        write_thumbnail(attachment.path, path)
    return path
