"""The 16-digit code of a component: 6 district, 2 group, 2 class, 6 serial. `3205080101000001`: 上水井盖 no. 1."""

from __future__ import annotations

import re
from typing import NamedTuple

from django.utils.translation import gettext

from yiwang.apps.governance.catalogue.classes import class_code
from yiwang.kernel.errors import UserError

_CODE = re.compile(r"(\d{6})(\d{2})(\d{2})(\d{6})\Z", re.ASCII)
LAST_SERIAL = 999_999


class BadComponentCode(UserError):
    code, status = "COMPONENT_CODE", 422
    message, next_step = "部件标识码不对。", "请核对：6位区划代码、2位大类、2位小类、6位序号，共16位数字。"


class ComponentCode(NamedTuple):
    """Its four parts, as digits."""

    district: str
    group: str
    small: str
    serial: int

    @property
    def prefix(self) -> str:
        return f"{self.district}{self.group}{self.small}"

    @property
    def class_code(self) -> str:
        return class_code("component", self.group, self.small)

    def __str__(self) -> str:
        return f"{self.prefix}{self.serial:06d}"


def parse_code(text: str) -> ComponentCode:
    """The parts of a code; BadComponentCode says which part is wrong."""
    text = text.strip()
    found = _CODE.match(text)
    if found is None:
        what = gettext("有 {count} 位").format(count=len(text)) if text.isdigit() else gettext("不全是数字")
        raise BadComponentCode(gettext("“{text}”不是部件标识码：{what}。").format(text=text[:20], what=what))
    code = ComponentCode(found[1], found[2], found[3], int(found[4]))
    if "00" in (code.group, code.small) or not code.serial:
        raise BadComponentCode(gettext("“{text}”不是部件标识码：大类、小类、序号都不能是零。").format(text=text))
    return code
