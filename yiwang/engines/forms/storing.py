"""Puts an upload on the disk under its hash: whole and synced, or not at all."""

from __future__ import annotations

import errno
import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext

from yiwang.engines.forms.models import stored_path
from yiwang.engines.forms.pictures import inspect_picture
from yiwang.engines.forms.recognising import Content, check_kind, recognise
from yiwang.engines.forms.refusals import DiskFull, EmptyUpload, Infected, ScanFailed, UploadTooLarge
from yiwang.kernel.ids import new_id

SCAN_SECONDS = 60
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Stored:
    """A content on the disk: its hash in hex, its size in bytes, what it is, whether it was scanned, what it says."""

    sm3: str
    size: int
    content: Content
    scan: str
    exif: dict[str, Any]


def store(file: File[bytes], kinds: tuple[str, ...]) -> Stored:
    """Check and keep the file's content. Raises a refusal (`refusals`); then nothing stays on the disk."""
    limit = settings.YIWANG["YIWANG_UPLOAD_LIMIT"]
    if file.size == 0:
        raise EmptyUpload()
    if file.size is not None and file.size > limit:
        raise _too_large(limit)
    with _disk_errors(), _temporary() as path:
        sm3, size = _write(file, path, limit)
        content = recognise(path)
        check_kind(content, kinds)
        exif = inspect_picture(path) if content.kind == "image" else {}
        scan = scan_for_viruses(path)
        _keep(path, stored_path(sm3))
    return Stored(sm3, size, content, scan, exif)


def _too_large(limit: int) -> UploadTooLarge:
    return UploadTooLarge(gettext("文件超过 {limit} MB 的大小限制。").format(limit=f"{limit / 1048576:.0f}"))


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise DiskFull() from error
        raise


@contextmanager
def _temporary() -> Iterator[Path]:
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{new_id()}.part"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _write(file: File[bytes], path: Path, limit: int) -> tuple[str, int]:
    running, size = hashes.Hash(hashes.SM3()), 0
    with path.open("xb") as target:
        for chunk in file.chunks():
            size += len(chunk)
            if size > limit:
                raise _too_large(limit)
            running.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    if size == 0:
        raise EmptyUpload()
    return running.finalize().hex(), size


def _keep(path: Path, target: Path) -> None:
    if target.exists():
        os.utime(target)  # fresh again: `remove_unattached` leaves content alone that somebody has just sent
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    path.chmod(0o440)
    path.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def scan_for_viruses(path: Path) -> str:
    """ "clean" when the configured command exits 0 for the file, "unscanned" without a command.

    Exit 1 means infected (as clamscan does); anything else means the scanner failed.
    """
    command = settings.YIWANG["YIWANG_VIRUS_SCAN"]
    if not command:
        return "unscanned"
    try:
        answer = subprocess.run(
            [*shlex.split(command), str(path)], capture_output=True, timeout=SCAN_SECONDS, check=False
        ).returncode
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        raise ScanFailed() from error
    if answer == 1:
        raise Infected()
    if answer != 0:
        raise ScanFailed()
    return "clean"
