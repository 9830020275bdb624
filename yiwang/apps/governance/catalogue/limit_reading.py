"""Time limits as cities write them: `2紧急工作时`, `3天`, `1紧急工作时制止`, blanks. Read exactly, or not at all.

`天`, `小时` and `紧急工作日` do not say which clock they run on. Which one is meant is asked once for each file
(`Choices`); the defaults are a proposal and every cell read that way is counted in the report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.utils.translation import gettext, gettext_noop

from yiwang.apps.governance.catalogue.vocabulary import folded, meanings, without_aside, words
from yiwang.engines.directory.spec import Limit
from yiwang.kernel.errors import SpecError, UserError

OPTIONS = {
    "day": ("working_day", "calendar_day", "list"),
    "hour": ("working_hour", "urgent_hour", "list"),
    "urgent_day": ("calendar_day", "working_day", "list"),
    "blank": ("list", "down"),
}
"""What each choice of a file may be; the first is the default. `list` reads nothing and lists every such cell."""
CHOICE_TITLES = {
    "day": gettext_noop("“天”“日”"),
    "hour": gettext_noop("“小时”"),
    "urgent_day": gettext_noop("“紧急工作日”"),
    "blank": gettext_noop("大类、小类的空白单元格"),
}
_NUMBER = re.compile(r"\d+(?:\.\d+)?|[一二两三四五六七八九十]{1,3}")
_BEFORE = re.compile(r"(?:不超过|不得超过|最多|限|≤|<=)?")
_DIGITS = dict(zip("一二三四五六七八九", range(1, 10), strict=True)) | {"两": 2}


@dataclass(frozen=True, slots=True)
class Choices:
    """How a file's words that leave something open are to be read."""

    day: str = "working_day"
    hour: str = "working_hour"
    urgent_day: str = "calendar_day"
    blank: str = "list"

    def __post_init__(self) -> None:
        for name, options in OPTIONS.items():
            if getattr(self, name) not in options:
                raise UserError(
                    gettext("“{title}”没有这种读法。").format(title=gettext(CHOICE_TITLES[name])),
                    next_step=gettext("请从列表中重新选择。"),
                )


@dataclass(frozen=True, slots=True)
class Reading:
    """A limit, or why there is none and what to do. `choice`: what it was read by; `act`: what follows the unit."""

    limit: Limit | None = None
    choice: str = ""
    act: str = ""
    why: str = ""
    now: str = ""

    @property
    def is_unread(self) -> bool:
        return bool(self.why)


BLANK = Reading()


def _refused(why: str) -> Reading:
    return Reading(why=why, now=gettext("请写成数量加单位，如“2紧急工作时”“3工作日”“15自然日”。"))


def _amount(text: str) -> Decimal | None:
    """Digits, or Chinese numbers to 99."""
    if text[0].isdigit():
        return Decimal(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        known = all(part == "" or part in _DIGITS for part in (tens, ones))
        return Decimal((_DIGITS.get(tens, 1)) * 10 + _DIGITS.get(ones, 0)) if known else None
    return Decimal(_DIGITS[text]) if text in _DIGITS else None


def _unit_at(text: str) -> tuple[str, str]:
    """(unit, what follows) of a text that begins with a unit; ('', text) otherwise."""
    rest = text.removeprefix("个")
    for word, unit in meanings("unit").items():
        if rest.startswith(word):
            return unit, rest[len(word) :]
    return "", text


def heading_unit(heading: str) -> str:
    """The unit a heading says in brackets, `处置时限（工作日）`; '' when it says none."""
    if without_aside(heading) == heading:
        return ""
    inside = folded(heading)[len(folded(without_aside(heading))) :].strip("()[]【】").removeprefix("单位:")
    return meanings("unit").get(inside, "")


def read_limit_text(value: object, choices: Choices, heading: str = "") -> Reading:
    """What a cell says under a heading (`heading_unit`). A blank cell is BLANK: neither a limit nor a fault."""
    if isinstance(value, (date, datetime, time)):
        return _refused(gettext("表格软件已把这一格变成日期或时间，原来的文字看不到了。"))
    if isinstance(value, bool):
        return _refused(gettext("不是时限。"))
    text = folded(_plain(value))
    if not text:
        return BLANK
    begin = _BEFORE.match(text)
    rest = text[begin.end() :] if begin else text
    found = _NUMBER.match(rest)
    if found is None:
        return _refused(gettext("不是时限：没有数量。"))
    if len(_NUMBER.findall(re.sub(r"[一二两三四五六七八九十]", "", text))) > 1:
        return _refused(gettext("一格里有两个时限，不知道以哪个为准。"))
    amount = _amount(found[0])
    unit, rest = _unit_at(rest[found.end() :])
    if not unit and not rest:
        unit = heading_unit(heading)
    if amount is None or not unit:
        return _refused(gettext("没有写明是紧急工作时、工作时、工作日还是自然日。"))
    return _with_rest(_measured(amount, unit, choices), rest)


def _plain(value: object) -> str:
    """3.0 is how a spreadsheet keeps 3."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _measured(amount: Decimal, unit: str, choices: Choices) -> Reading:
    choice = unit if unit in OPTIONS else ""
    unit = getattr(choices, choice) if choice else unit
    if unit == "list":
        return _refused(gettext("{title}没有写明按哪种时间计算。").format(title=gettext(CHOICE_TITLES[choice])))
    whole = amount == amount.to_integral_value()
    try:
        return Reading(Limit(int(amount) if whole else amount, unit), choice)
    except SpecError:
        return _refused(gettext("时限应大于 0。"))


def _with_rest(read: Reading, rest: str) -> Reading:
    """What follows the unit: nothing, a word that says nothing new, or a known act; anything else is not understood."""
    rest = rest.strip("。.;；,，")
    if read.is_unread or not rest or rest in words("tail")[""]:
        return read
    act = rest.removeprefix("内")
    if act in words("act")[""]:
        return Reading(read.limit, read.choice, act)
    return _refused(gettext("时限后面的“{text}”看不懂。").format(text=rest[:20]))
