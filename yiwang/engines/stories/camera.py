"""A photo as a phone takes it: place and time written down. So stories prove what their steps must prove."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

from yiwang.engines.directory.api import Actor
from yiwang.engines.forms.api import store_upload
from yiwang.kernel.clock import CHINA

SIZE = (64, 48)


def photo(longitude: float | None, latitude: float | None, at: datetime | None) -> bytes:
    """A small JPEG with EXIF of place (WGS84) and time; None leaves one out."""
    picture = Image.new("RGB", SIZE, "slategray")
    exif = Image.Exif()
    if at is not None:
        details = exif.get_ifd(ExifTags.IFD.Exif)
        details[ExifTags.Base.DateTimeOriginal] = f"{at.astimezone(CHINA):%Y:%m:%d %H:%M:%S}"
        details[ExifTags.Base.OffsetTimeOriginal] = "+08:00"
    if longitude is not None and latitude is not None:
        position = exif.get_ifd(ExifTags.IFD.GPSInfo)
        position[ExifTags.GPS.GPSLongitudeRef] = "E" if longitude >= 0 else "W"
        position[ExifTags.GPS.GPSLongitude] = _parts(abs(longitude))
        position[ExifTags.GPS.GPSLatitudeRef] = "N" if latitude >= 0 else "S"
        position[ExifTags.GPS.GPSLatitude] = _parts(abs(latitude))
    content = io.BytesIO()
    picture.save(content, "JPEG", exif=exif)
    return content.getvalue()


def _parts(degrees: float) -> tuple[float, float, float]:
    minutes = degrees % 1 * 60
    return float(int(degrees)), float(int(minutes)), round(minutes % 1 * 60, 4)


def photograph(actor: Actor, place: Any, at: datetime) -> str:
    """Id of a photo the actor takes at a place of a form and uploads."""
    point = place if isinstance(place, dict) else {}
    content = photo(point.get("longitude"), point.get("latitude"), at)
    return str(store_upload(SimpleUploadedFile("photo.jpg", content, "image/jpeg"), actor=actor).id)
