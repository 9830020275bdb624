"""Large uploads on their way in: what cannot be kept is an error of its field, and nothing stays on the disk."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from django.core.files import uploadhandler
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("yiwang.engines.forms.tests.addresses")]
LARGE = 3_000_000


@pytest.fixture
def incoming(settings: Any, tmp_path: Path, uploads: Path) -> Path:
    """Where files wait on their way in."""
    folder = tmp_path / "incoming-files"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    settings.YIWANG = settings.YIWANG | {"YIWANG_UPLOAD_LIMIT": 4_000_000}
    return folder


def sent(*sizes: int) -> str:
    """The page after sending one photo of each size in bytes, as text."""
    files = [SimpleUploadedFile(f"{size}.jpg", b"\xff\xd8\xff" + b"0" * (size - 3)) for size in sizes]
    answer = Client().post("/ask", {"description": "井盖不见了", "before": files})
    assert answer.status_code == 422
    text: str = answer.content.decode()
    assert "井盖不见了" in text, "what was typed is there again"
    return text


def test_a_file_beyond_the_limit_is_not_kept_while_it_comes(incoming: Path, monkeypatch: Any) -> None:
    written = []
    monkeypatch.setattr(
        uploadhandler.TemporaryFileUploadHandler,
        "receive_data_chunk",
        lambda handler, data, start: written.append(len(data)),
    )
    assert "文件超过 4 MB 的大小限制" in sent(9_000_000)
    assert sum(written) <= 4_000_000
    assert not list(incoming.iterdir())


def test_a_full_disk_while_a_file_comes_is_said_in_its_field(incoming: Path, monkeypatch: Any, stored: Any) -> None:
    def full(handler: Any, data: bytes, start: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploadhandler.TemporaryFileUploadHandler, "receive_data_chunk", full)
    assert "服务器存储空间已满" in sent(LARGE)
    assert stored() == []


def test_a_lost_file_leaves_the_others_alone(incoming: Path) -> None:
    text = sent(9_000_000, LARGE)
    assert "9000000.jpg”：文件超过" in text
    assert "3000000.jpg”：文件不是可以打开的图片" not in text, "one error for a field"
    assert "3000000.jpg”：文件不是可以打开的图片" in sent(LARGE), "a whole file is read, and judged by its content"
    assert not list(incoming.iterdir())
