"""Attachments over HTTP for programs: put a file there first, then name its id in the data of a form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest
from ninja import File, Router, Schema
from ninja.files import UploadedFile

from yiwang.engines.directory.api import Actor
from yiwang.engines.forms import pages
from yiwang.engines.forms.services import store_upload

router = Router(tags=["attachments"])
_BINARY = {"responses": {200: {"description": "The file itself", "content": {"*/*": {"schema": {"format": "binary"}}}}}}


class AttachmentOut(Schema):
    """A stored file: what its content was recognised as, and the SM3 hash of its bytes."""

    id: UUID
    name: str
    media_type: str
    size: int
    sm3: str


@router.post("/attachments", response={201: AttachmentOut})
def upload(request: HttpRequest, file: File[UploadedFile]) -> tuple[int, Any]:
    """Keep a file. It stays the caller's own until a case takes it, and goes after a week if none does."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return 201, store_upload(file, actor=actor)


@router.get("/attachments/{attachment_id}", openapi_extra=_BINARY)
def download(request: HttpRequest, attachment_id: UUID) -> FileResponse:
    """The file, for those who may see what it is attached to; `?small` a small copy of a picture."""
    return pages.attachment(request, attachment_id)
