"""What people type for a moment and a time limit: `2021-09-30 10:00`, `2个工作日`, `20 statutory_day`. No database."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext

from yiwang.engines.working_time.spec import UNITS, Limit
from yiwang.kernel.clock import CHINA
from yiwang.kernel.errors import InvalidInput, SpecError

_LIMIT = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*个?\s*(\S+)\Z", re.ASCII)


def read_limit(text: str) -> Limit:
    """The limit a text says; InvalidInput (path `limit`) naming the units."""
    found = _LIMIT.match(text.strip())
    words = {title: unit for unit, title in UNITS.items()} | {unit: unit for unit in UNITS}
    words |= {f"{unit}s": unit for unit in UNITS}
    unit = words.get(found.group(2)) if found else None
    try:
        if found is not None and unit is not None:
            amount = Decimal(found.group(1))
            return Limit(int(amount) if amount == int(amount) else amount, unit)
    except SpecError:
        pass
    examples = "、".join(
        gettext("2个{title}（{unit}）").format(title=gettext(title), unit=unit) for unit, title in UNITS.items()
    )
    message = gettext("“{text}”不是时限。请写数量和单位，数量大于0，法定工作日为整数：{examples}。").format(
        text=text[:30], examples=examples
    )
    raise InvalidInput([{"path": "limit", "code": "LIMIT", "message": message}], message)


def read_start(text: str) -> datetime:
    """The moment a text says, in Chinese civil time unless it names a zone; a bare day is its first second."""
    try:
        found = datetime.fromisoformat(text.strip().replace("T", " ").replace("Z", "+00:00"))
    except ValueError:
        message = gettext("“{text}”不是时间。请写成 2021-09-30 10:00。").format(text=text[:30])
        raise InvalidInput([{"path": "start", "code": "START", "message": message}], message) from None
    return found if found.tzinfo else found.replace(tzinfo=CHINA)
