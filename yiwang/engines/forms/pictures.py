"""Pictures: proof that they open, what the camera wrote down, small copies. Originals stay untouched as evidence."""

from __future__ import annotations

import warnings
from datetime import datetime
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image, ImageOps

from yiwang.engines.forms.refusals import NotAPicture, PictureTooBig
from yiwang.kernel.clock import CHINA

MOST_PIXELS = 60_000_000
THUMBNAIL_SIDE = 320
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, EOFError, KeyError, IndexError, MemoryError)


def inspect_picture(path: Path) -> dict[str, Any]:
    """What the picture says of itself: width, height, taken_at, longitude, latitude (the last three when written down).

    Raises NotAPicture when it does not open to the end, PictureTooBig when it would unpack to too many pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    raise PictureTooBig()
                found = _written_down(picture)
                picture.draft("RGB", (THUMBNAIL_SIDE, THUMBNAIL_SIDE))  # a JPEG is then decoded small, yet to its end
                picture.load()
    except Image.DecompressionBombError:
        raise PictureTooBig() from None
    except _BROKEN:
        raise NotAPicture() from None
    return {"width": width, "height": height} | found


def _written_down(picture: Image.Image) -> dict[str, Any]:
    try:
        exif = picture.getexif()
        details = exif.get_ifd(ExifTags.IFD.Exif)
        position = exif.get_ifd(ExifTags.IFD.GPSInfo)
    except _BROKEN:
        return {}
    taken_at = _taken_at(details)
    found: dict[str, Any] = {"taken_at": taken_at.isoformat()} if taken_at else {}
    latitude = _degrees(position.get(ExifTags.GPS.GPSLatitude), position.get(ExifTags.GPS.GPSLatitudeRef), "S")
    longitude = _degrees(position.get(ExifTags.GPS.GPSLongitude), position.get(ExifTags.GPS.GPSLongitudeRef), "W")
    if latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180:
        found |= {"longitude": longitude, "latitude": latitude}
    return found


def _taken_at(details: Any) -> datetime | None:
    """The camera's clock; without a written offset it is taken as Chinese civil time."""
    text, offset = details.get(ExifTags.Base.DateTimeOriginal), details.get(ExifTags.Base.OffsetTimeOriginal)
    try:
        taken = datetime.strptime(str(text).strip("\0 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=CHINA)
        return datetime.fromisoformat(f"{taken:%Y-%m-%dT%H:%M:%S}{offset}") if offset else taken
    except ValueError:
        return None


def _degrees(parts: Any, side: Any, negative: str) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if value != value:
        return None
    return round(-value if side == negative else value, 6)


def write_thumbnail(source: Path, target: Path) -> None:
    """Write a small upright JPEG of `source` to `target`, complete or not at all."""
    temporary = target.with_suffix(".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(source, formats=FORMATS) as picture:
        picture.draft("RGB", (THUMBNAIL_SIDE * 2, THUMBNAIL_SIDE * 2))
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
        upright.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        paper = Image.new("RGB", upright.size, "white")
        paper.paste(upright, mask=upright.getchannel("A"))
        try:
            paper.save(temporary, "JPEG", quality=82)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
