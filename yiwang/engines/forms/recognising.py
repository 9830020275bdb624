"""What a file is, told by its content. The name and the browser's claim are not believed."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext, gettext_noop

from yiwang.engines.forms.refusals import NotAPicture, PackedTooBig, PhonePicture, WrongKind

LARGEST_UNPACKED = 256 * 1024 * 1024
MOST_MEMBERS = 10_000
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim")
_PICTURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_PACKED = (
    ("word/", _OPEN_XML + "wordprocessingml.document"),
    ("xl/", _OPEN_XML + "spreadsheetml.sheet"),
    ("ppt/", _OPEN_XML + "presentationml.presentation"),
)
_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    "application/ofd": ".ofd",
    "application/zip": ".zip",
    "text/plain": ".txt",
} | dict(zip((kind for _, kind in _PACKED), (".docx", ".xlsx", ".pptx"), strict=True))
KIND_TITLES = {
    "image": "JPG、PNG、WEBP、GIF 图片",
    "pdf": gettext_noop("PDF、OFD"),
    "office": gettext_noop("Word、Excel、PPT、WPS"),
    "zip": "ZIP 压缩包",
    "text": "文本",
}


@dataclass(frozen=True, slots=True)
class Content:
    """A recognised content: `kind` is one of `field_words.FILE_KINDS`."""

    kind: str
    media_type: str


def recognise(path: Path) -> Content:
    """The content of the file at `path`; raises PhonePicture, PackedTooBig or WrongKind."""
    with path.open("rb") as file:
        head = file.read(1024)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        raise PhonePicture()
    for magic, media_type in _PICTURES:
        if head.startswith(magic):
            return Content("image", media_type)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Content("image", "image/webp")
    if b"%PDF-" in head:
        return Content("pdf", "application/pdf")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Content("office", "application/x-ole-storage")
    return _packed(path) if head.startswith(b"PK\x03\x04") else _plain_text(path)


def _packed(path: Path) -> Content:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise WrongKind("压缩包已损坏，无法打开。") from None
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise PackedTooBig()
    names = {member.filename for member in members}
    if "OFD.xml" in names:
        return Content("pdf", "application/ofd")
    if "[Content_Types].xml" in names:
        for folder, media_type in _PACKED:
            if any(name.startswith(folder) for name in names):
                return Content("office", media_type)
    if {"mimetype", "content.xml"} <= names:
        return Content("office", "application/vnd.oasis.opendocument")
    return Content("zip", "application/zip")


def _plain_text(path: Path) -> Content:
    content = path.read_bytes()
    if b"\0" not in content:
        for encoding in ("utf-8", "gb18030"):
            try:
                content.decode(encoding)
                return Content("text", "text/plain")
            except UnicodeDecodeError:
                continue
    raise WrongKind()


def check_kind(content: Content, kinds: tuple[str, ...]) -> None:
    """The content is of one of the wanted kinds; NotAPicture or WrongKind otherwise."""
    if content.kind in kinds:
        return
    if kinds == ("image",):
        raise NotAPicture()
    wanted = gettext("、").join(gettext(KIND_TITLES[kind]) for kind in kinds)
    raise WrongKind(gettext("文件内容不是可接收的类型（{wanted}）。").format(wanted=wanted))


def fitting_name(name: str, content: Content) -> str:
    """The sent name without folders and control characters, at most 120 characters, with the content's extension."""
    plain = "".join(letter for letter in name.replace("\\", "/").rsplit("/", 1)[-1] if letter.isprintable())
    stem, dot, extension = plain.strip(" .").rpartition(".")
    wanted = _EXTENSIONS.get(content.media_type, "")
    if not dot:
        stem, extension = extension, ""
    if not wanted and extension.isascii() and extension.isalnum():
        wanted = f".{extension[:8]}"
    return f"{stem[:120] or '附件'}{wanted}"
