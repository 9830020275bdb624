"""Files by way of the API: stored for their owner, refused by content, shown to nobody else."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from yiwang.engines.access.api import make_token
from yiwang.engines.directory.models import User

pytestmark = pytest.mark.django_db


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()


def bearer(name: str, *, reads_only: bool = False) -> Client:
    user = User.objects.create_user(name, None, name=name)
    token = make_token(user, "试", days=timedelta(days=1).days, reads_only=reads_only)
    return Client(headers={"Authorization": f"Bearer {token}", "Accept": "application/json"})


def test_a_file_comes_back_to_its_owner_only() -> None:
    owner, other = bearer("owner"), bearer("other")
    answer = owner.post("/api/attachments", {"file": SimpleUploadedFile("现场.png", picture())})
    assert answer.status_code == 201, answer.content
    kept = answer.json()
    assert (kept["media_type"], kept["size"], len(kept["sm3"])) == ("image/png", len(picture()), 64)
    assert b"".join(owner.get(f"/api/attachments/{kept['id']}").streaming_content) == picture()
    assert other.get(f"/api/attachments/{kept['id']}").status_code == 404


def test_content_that_is_no_known_file_is_a_problem_and_nothing_is_kept() -> None:
    answer = bearer("owner").post("/api/attachments", {"file": SimpleUploadedFile("a.png", b"MZ\x90 no picture")})
    assert 400 <= answer.status_code < 500
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_token_that_reads_only_stores_nothing() -> None:
    file = SimpleUploadedFile("a.png", picture())
    assert bearer("reader", reads_only=True).post("/api/attachments", {"file": file}).status_code == 403
