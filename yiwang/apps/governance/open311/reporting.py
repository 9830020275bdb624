"""A report as a program sent it: checked against the service, told apart into what is asked, public and personal."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from yiwang.apps.governance.open311.asking import Reader, read_moment
from yiwang.apps.governance.open311.offer import Attribute, Service, offered
from yiwang.apps.governance.open311.refusals import faulty
from yiwang.engines.directory.api import division_names, locate, path_of

MOST_SIGNS = 500
"""Of the description together with the answers of the service's questions."""
MOST_PHOTOS = 4
MOST_NAME = 40
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
_LINK = re.compile(r"https?://[^\s<>\"']{3,1900}\Z")
_PERSONAL = re.compile(r"[^@\s，。；、]+@[^@\s，。；、]+\.[A-Za-z]+|\d(?:[ -]?\d){6,}[\dXx]?")
"""E-mail addresses and long numbers: telephones, identity cards, accounts."""
_QUESTION = re.compile(r"attribute\[([^\]]{1,120})\](?:\[\d*\])?\Z")
_UNCOUNTED = frozenset({"api_key", "jurisdiction_id", "locale"})


@dataclass(frozen=True, slots=True)
class Report:
    """What is to be opened. `text` is for staff, `description` what of it may be public."""

    service: Service
    text: str
    description: str
    place: Mapping[str, Any]
    name: str
    phone: str
    media_url: str
    account_id: str
    photos: tuple[UploadedFile[bytes], ...]
    sender: str
    body: str

    @property
    def data(self) -> dict[str, Any]:
        """What the form of an incident asks; photos come when they are stored."""
        given = {
            "category": self.service.category, "description": self.text, "place": dict(self.place),
            "reporter_name": self.name, "reporter_phone": self.phone, "class_code": self._class_code(),
        }  # fmt: skip
        return {key: value for key, value in given.items() if value}

    def _class_code(self) -> str:
        """The official class, as long as the catalogue of today knows it."""
        return self.service.class_code if self.service.class_code in offered() else ""


def read_report(given: Mapping[str, str], answers: Mapping[str, Sequence[str]], files: Iterable[Any]) -> Report:
    """Refused (400) with everything that is wrong."""
    reader, photos = Reader(given), tuple(files)
    service = _service(reader)
    lines = _answered(reader, service.attributes, answers) if service is not None else []
    description = reader.text("description")
    text = "\n".join([description or (service.name if service is not None else ""), *lines])
    if len(text) > MOST_SIGNS:
        message = gettext("说明连同各问题的回答最多 {most} 个字，现有 {count} 个字。")
        reader.fault("description", message.format(most=MOST_SIGNS, count=len(text)))
    if len(photos) > MOST_PHOTOS:
        reader.fault("media", gettext("照片最多 {most} 张。").format(most=MOST_PHOTOS))
    place, name, media_url = _place(reader), _name(reader), _matching(reader, "media_url", _LINK)
    faulty(reader.faults)
    assert service is not None
    return Report(
        service, text, masked_text(description), place, name, reader.text("phone"), media_url,
        reader.text("account_id"), photos, _sender(reader), body_of(given, answers, photos),
    )  # fmt: skip


def _service(reader: Reader) -> Service | None:
    code = reader.text("service_code")
    found = offered().get(code)
    if not code:
        reader.fault("service_code", gettext("没有给出服务代码。"))
    elif found is None:
        reader.fault("service_code", gettext("没有代码为“{code}”的服务。").format(code=code[:40]))
    return found


def _place(reader: Reader) -> dict[str, Any]:
    """Point, address, or the code of a division of ours as `address_id`."""
    latitude, longitude = reader.number("lat", -90, 90), reader.number("long", -180, 180)
    address, code = reader.text("address_string")[:200], reader.text("address_id")
    found: dict[str, Any] = {"address": address} if address else {}
    if (latitude is None) != (longitude is None):
        reader.fault("lat, long", gettext("lat 和 long 要同时给出。"))
    elif latitude is not None and longitude is not None:
        found |= {"latitude": latitude, "longitude": longitude}
        if not address and locate(longitude, latitude) is None:
            reader.fault("lat, long", gettext("这个位置不在本区范围内；如确在本区，请同时给出 address_string。"))
    if code and code not in division_names():
        reader.fault("address_id", gettext("没有代码为“{code}”的区划。").format(code=code[:40]))
    elif code and not found:
        found = {"address": path_of(code) or code}
    if not found and not reader.faults:
        reader.fault("lat, long, address_string, address_id", gettext("请至少给出一种地点。"))
    return found


def _name(reader: Reader) -> str:
    """Name and e-mail in the one personal field the form has; of what does not fit the e-mail stays."""
    first, last = reader.text("first_name"), reader.text("last_name")
    email = _matching(reader, "email", _EMAIL)
    whole = f"{last}{first}" if not f"{first}{last}".isascii() else f"{first} {last}".strip()
    both = f"{whole} {email}".strip()
    return both if len(both) <= MOST_NAME else (email or whole)[:MOST_NAME]


def _matching(reader: Reader, name: str, pattern: re.Pattern[str]) -> str:
    text = reader.text(name)
    if text and not pattern.match(text):
        reader.fault(name, gettext("格式不对。"))
    return text


def _sender(reader: Reader) -> str:
    named = next((f"{name}:{text}" for name in ("device_id", "account_id", "email") if (text := reader.text(name))), "")
    return salted_hmac("open311.sender", named, algorithm="sha256").hexdigest() if named else ""


def answers_in(posted: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """`attribute[code]`, `attribute[code][]` and `attribute[code][0]`, by code."""
    found: dict[str, list[str]] = {}
    for name, values in posted.items():
        if match := _QUESTION.match(name):
            found.setdefault(match[1], []).extend(value.strip() for value in values if value.strip())
    return found


def _answered(reader: Reader, asked: Sequence[Attribute], answers: Mapping[str, Sequence[str]]) -> list[str]:
    """A line for each answer, in the words of the service."""
    unknown = sorted(set(answers) - {one.code for one in asked})
    for code in unknown:
        reader.fault(f"attribute[{code[:40]}]", gettext("这项服务没有这个问题。"))
    lines = []
    for one in asked:
        given = answers.get(one.code, [])
        if not given and one.is_required and not one.is_notice:
            reader.fault(f"attribute[{one.code}]", gettext("这个问题必须回答：{text}").format(text=one.description))
        shown = [_shown(reader, one, value) for value in given]
        if len(given) > 1 and one.datatype != "multivaluelist":
            reader.fault(f"attribute[{one.code}]", gettext("只能有一个回答。"))
        if given:
            lines.append(f"{one.description}：{'、'.join(shown)}")
    return lines


def _shown(reader: Reader, one: Attribute, value: str) -> str:
    """An answer as people read it, after it was checked against the type of the question."""
    reason = ""
    if one.datatype in ("singlevaluelist", "multivaluelist"):
        names = dict(one.values)
        if value in names:
            return names[value]
        reason = gettext("没有“{value}”这个选项。").format(value=value[:40])
    elif one.datatype == "number" and not _is_number(value):
        reason = gettext("应是一个数。")
    elif one.datatype == "datetime" and read_moment(value) is None:
        reason = gettext("读不懂这个时间，请写成 2026-11-05T08:15:30+08:00。")
    elif one.datatype == "string" and "\n" in value:
        reason = gettext("只能写一行。")
    if reason:
        reader.fault(f"attribute[{one.code}]", reason)
    return value


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def body_of(given: Mapping[str, str], answers: Mapping[str, Sequence[str]], files: Sequence[Any] = ()) -> str:
    """A digest of what was sent, whatever the order; the key that sent it is not part of it."""
    told = sorted((name, value) for name, value in given.items() if name not in _UNCOUNTED)
    told += sorted((f"attribute[{code}]", value) for code, values in answers.items() for value in values)
    total = hashlib.sha256(repr(told).encode())
    for file in files:
        for piece in file.chunks():
            total.update(piece)
        file.seek(0)
    return total.hexdigest()


def masked_text(text: str) -> str:
    """A text without numbers and addresses by which somebody could be reached or known."""
    return _PERSONAL.sub("***", text)
