"""Uploads: told by content, stored whole or not at all, seen only by those who may."""

from __future__ import annotations

import errno
import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

from yiwang.engines.directory.api import Actor
from yiwang.engines.forms import api, pictures, recognising, selectors
from yiwang.engines.forms.models import Attachment
from yiwang.engines.forms.tests.samples import picture
from yiwang.kernel.clock import now
from yiwang.kernel.errors import NotAllowed, NotFound, UserError

pytestmark = pytest.mark.django_db
IMAGES = ("image",)


def sent(content: bytes, name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def packed(**members: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return target.getvalue()


def truncated() -> bytes:
    content = picture(size=(400, 300)).read()
    return content[: len(content) // 2]


REFUSED = {
    "UPLOAD_EMPTY": (lambda: sent(b""), IMAGES),
    "UPLOAD_NOT_A_PICTURE": (lambda: sent(b"<html><script>alert(1)</script>"), IMAGES),
    "UPLOAD_NOT_A_PICTURE ": (lambda: sent(truncated()), IMAGES),
    "UPLOAD_NOT_A_PICTURE  ": (lambda: sent(b"%PDF-1.7 ..."), IMAGES),
    "UPLOAD_HEIC": (lambda: sent(b"\0\0\0\x18ftypheic" + b"\0" * 20), IMAGES),
    "UPLOAD_WRONG_KIND": (lambda: sent(b"MZ\x90\0\x03\0" + b"\xff\0" * 40, "a.pdf"), ("pdf",)),
    "UPLOAD_WRONG_KIND ": (lambda: sent(b"PK\x03\x04broken", "a.docx"), ("office",)),
    "UPLOAD_TOO_LARGE": (lambda: sent(b"\xff\xd8\xff" + b"0" * 3000), IMAGES),
}


@pytest.mark.parametrize("code", REFUSED)
def test_it_refuses_and_leaves_nothing_behind(code: str, clerk: Actor, stored: Any, settings: Any) -> None:
    settings.YIWANG = settings.YIWANG | {"YIWANG_UPLOAD_LIMIT": 2000 if "LARGE" in code else 10_000_000}
    build, kinds = REFUSED[code]
    with pytest.raises(UserError) as caught:
        api.store_upload(build(), kinds, actor=clerk)
    assert caught.value.code == code.strip()
    assert caught.value.message and caught.value.next_step
    assert stored() == [] and not Attachment.objects.exists()


def test_it_refuses_a_picture_that_would_unpack_to_too_much(clerk: Actor, stored: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 1000)
    with pytest.raises(UserError, match="UPLOAD_PICTURE_TOO_BIG"):
        api.store_upload(picture(), IMAGES, actor=clerk)
    assert stored() == []


def test_it_refuses_an_archive_that_would_unpack_to_too_much(clerk: Actor, stored: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(recognising, "LARGEST_UNPACKED", 1000)
    with pytest.raises(UserError, match="UPLOAD_PACKED_TOO_BIG"):
        api.store_upload(sent(packed(a="0" * 2000), "a.zip"), ("zip",), actor=clerk)
    assert stored() == []


def test_a_full_disk_is_said_and_leaves_nothing(clerk: Actor, stored: Any, monkeypatch: Any) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("yiwang.engines.forms.storing.os.fsync", full)
    with pytest.raises(UserError, match="UPLOAD_DISK_FULL") as caught:
        api.store_upload(picture(), IMAGES, actor=clerk)
    assert (caught.value.status, "存储空间已满" in caught.value.message) == (503, True)
    assert stored() == [] and not Attachment.objects.exists()


@pytest.mark.parametrize(("command", "code"), [("false", "UPLOAD_INFECTED"), ("/no/such", "UPLOAD_SCAN_FAILED")])
def test_the_scanner_decides(command: str, code: str, clerk: Actor, stored: Any, settings: Any) -> None:
    settings.YIWANG = settings.YIWANG | {"YIWANG_VIRUS_SCAN": command}
    with pytest.raises(UserError, match=code):
        api.store_upload(picture(), IMAGES, actor=clerk)
    assert stored() == []
    settings.YIWANG = settings.YIWANG | {"YIWANG_VIRUS_SCAN": "true"}
    assert api.store_upload(picture(), IMAGES, actor=clerk).scan == "clean"


KINDS = [
    (picture("p.png", "PNG"), "image", "p.png"),
    (picture("x.exe", "WEBP"), "image", "x.webp"),
    (sent(b"%PDF-1.4\n%%EOF", "../../a\\b\0c.PDF"), "pdf", "bc.pdf"),
    (sent(packed(**{"[Content_Types].xml": "", "word/document.xml": ""}), "信"), "office", "信.docx"),
    (sent(packed(**{"OFD.xml": ""}), "a.zip"), "pdf", "a.ofd"),
    (sent(packed(a="x"), "a.zip"), "zip", "a.zip"),
    (sent(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧.doc"), "office", "旧.doc"),
    (sent("甲,乙".encode("gb18030"), "a.html"), "text", "a.txt"),
]


@pytest.mark.parametrize(("file", "kind", "name"), KINDS)
def test_it_knows_a_file_by_its_content(file: Any, kind: str, name: str, clerk: Actor, uploads: Path) -> None:
    file.seek(0)
    found = api.store_upload(file, actor=clerk)
    assert (found.kind, found.name) == (kind, name)
    assert found.path.stat().st_size == found.size


def test_equal_content_is_kept_once(clerk: Actor, stored: Any) -> None:
    first, second = (api.store_upload(picture(), IMAGES, actor=clerk) for _ in range(2))
    assert first.id != second.id and first.path == second.path
    assert len(stored()) == 1


def test_it_reads_what_the_camera_wrote(clerk: Actor, uploads: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:05:01 09:30:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (23.0, 1.0, 30.0), 3: "E", 4: (113.0, 8.0, 24.0)})
    found = api.store_upload(picture(exif=exif), IMAGES, actor=clerk)
    expected = {"taken_at": "2026-05-01T09:30:00+08:00", "longitude": 113.14, "latitude": 23.025}
    assert found.exif == expected | {"width": 60, "height": 40}
    with Image.open(selectors.thumbnail_path(found)) as small:
        assert small.size == (40, 60), "the small copy stands upright"


def test_only_the_owner_sees_an_upload_until_it_is_attached(visitor: Actor, uploads: Path) -> None:
    mine = api.store_upload(picture(), IMAGES, actor=visitor, session_key="mine")
    assert api.open_attachment(visitor, mine.id, "mine") == mine
    for key in ("other", "", None):
        with pytest.raises(NotFound):
            api.open_attachment(visitor, mine.id, key)
    with pytest.raises(NotFound):
        api.attach([mine.id], "test_case", "7", actor=visitor, session_key="other")
    with pytest.raises(NotAllowed):
        api.store_upload(picture(), IMAGES, actor=visitor)


def test_a_guard_decides_over_attached_files(visitor: Actor, uploads: Path) -> None:
    mine = api.store_upload(picture(), IMAGES, actor=visitor, session_key="mine")
    api.attach([mine.id], "test_case", "7", actor=visitor, session_key="mine")
    api.attach([mine.id], "test_case", "7", actor=visitor, session_key="any")
    with pytest.raises(NotFound):
        api.open_attachment(visitor, mine.id, "mine")
    reader = replace(visitor, name="阿兰")
    api.register_guard("test_case", lambda actor, subject: actor.name == "阿兰" and subject == "7")
    assert api.open_attachment(reader, mine.id, "").id == mine.id
    with pytest.raises(NotFound):
        api.attach([mine.id], "test_case", "8", actor=visitor, session_key="mine")


def test_forgotten_uploads_go_and_shared_content_stays(clerk: Actor, stored: Any) -> None:
    api.store_upload(picture(), IMAGES, actor=clerk)
    kept = api.store_upload(picture(), IMAGES, actor=clerk)
    api.store_upload(picture(size=(9, 9)), IMAGES, actor=clerk)
    api.attach([kept.id], "test_case", "7", actor=clerk)
    assert api.remove_unattached(now() - timedelta(days=1)) == 0
    assert api.remove_unattached(now() + timedelta(seconds=5)) == 2
    assert stored() == [f"content/{kept.sm3[:2]}/{kept.sm3[2:4]}/{kept.sm3}"]
