"""Addresses behind the fields: a stored file, the map layers of the place picker."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from yiwang.engines.directory.api import ANONYMOUS
from yiwang.engines.forms import lookups, selectors
from yiwang.engines.forms.models import Attachment
from yiwang.kernel.errors import NotFound

_SHOWN_INSIDE = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf"})
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A file is no page of ours: it may load nothing, run nothing and does not count as this site."""


@require_safe
def attachment(request: HttpRequest, attachment_id: UUID) -> FileResponse:
    """The file, for those its guard lets see it; `?small` a small copy of a picture."""
    actor = getattr(request, "actor", ANONYMOUS)
    found = selectors.open_attachment(actor, attachment_id, request.session.session_key)
    return file_response(found, is_small="small" in request.GET)


def file_response(found: Attachment, *, is_small: bool = False) -> FileResponse:
    """The file of an attachment the reader may see, never as a page of this site; `is_small` a small picture."""
    is_small = is_small and found.is_picture
    path = selectors.thumbnail_path(found) if is_small else found.path
    if not path.exists():
        raise NotFound("附件的文件已不在服务器上。", next_step="请联系系统管理员从备份中恢复。")
    media_type = "image/jpeg" if is_small else found.media_type
    response = FileResponse(path.open("rb"), content_type=media_type)
    manner = "inline" if media_type in _SHOWN_INSIDE else "attachment"
    response["Content-Disposition"] = f"{manner}; filename*=UTF-8''{quote(found.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=3600, immutable"
    return response


@require_safe
@cache_control(public=True, max_age=3600)
def map_layer(request: HttpRequest, level: str) -> HttpResponse:
    """GeoJSON of the towns or villages, for the place picker."""
    return HttpResponse(lookups.map_layer(level), content_type="application/geo+json")
