"""Time limits as cities write them: `2紧急工作时`, `3天`, `1紧急工作时制止`, blanks. Read exactly, or not at all.

`天`, `小时` and `紧急工作日` do not say which clock they run on. Which one is meant is asked once for each file
(`Choices`); the defaults are a proposal and every cell read that way is counted in the report.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache

from django.utils.translation import gettext, gettext_noop

from yiwang.apps.governance.catalogue.vocabulary import folded, meanings, words
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
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_IN_BRACKETS = re.compile(r"[(\[【](?:单位:)?(.+?)[)\]】]")


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


def _number_at(text: str) -> tuple[Decimal | None, str]:
    """(number, what follows) of a text that begins with digits or a Chinese number to 99; (None, text) otherwise."""
    found = _DIGITS.match(text)
    if found is not None:
        return Decimal(found[0]), text[found.end() :]
    known = meanings("numeral")
    length = next((place for place, sign in enumerate(text) if sign not in known), len(text))
    return _chinese_numbers().get(text[:length]), text[length:]


@cache
def _chinese_numbers() -> Mapping[str, Decimal]:
    """三, 十, 十五, 二十, 二十五: every way to write 1 to 99. 三五 is none of them."""
    signs = {sign: int(key) for sign, key in meanings("numeral").items()}
    ten = next(sign for sign, value in signs.items() if value == 10)
    ones = {sign: value for sign, value in signs.items() if value < 10}
    found = {ten: 10} | ones | {ten + sign: 10 + value for sign, value in ones.items()}
    for sign, value in ones.items():
        found |= {f"{sign}{ten}": 10 * value} | {f"{sign}{ten}{last}": 10 * value + one for last, one in ones.items()}
    return {text: Decimal(value) for text, value in found.items()}


def _after(text: str, kind: str) -> str:
    """The text without one of these words at its beginning."""
    return next((text[len(word) :] for word in words(kind)[""] if text.startswith(word)), text)


def _unit_at(text: str) -> tuple[str, str]:
    """(unit, what follows) of a text that begins with a unit; ('', text) otherwise."""
    rest = _after(text, "counter")
    for word, unit in meanings("unit").items():
        if rest.startswith(word):
            return unit, rest[len(word) :]
    return "", text


def heading_unit(heading: str) -> str:
    """The unit a heading says in brackets, `处置时限（工作日）`; '' when it says none."""
    found = _IN_BRACKETS.search(folded(heading))
    return meanings("unit").get(found[1], "") if found else ""


def read_limit_text(value: object, choices: Choices, heading: str = "") -> Reading:
    """What a cell says under a heading (`heading_unit`). A blank cell is BLANK: neither a limit nor a fault."""
    if isinstance(value, (date, datetime, time)):
        return _refused(gettext("表格软件已把这一格变成日期或时间，原来的文字看不到了。"))
    if isinstance(value, bool):
        return _refused(gettext("不是时限。"))
    text = folded(_plain(value))
    if not text:
        return BLANK
    amount, rest = _number_at(_after(text, "before"))
    if amount is None:
        return _refused(gettext("不是时限：没有数量。"))
    if len(_DIGITS.findall(text)) > 1:
        return _refused(gettext("一格里有两个时限，不知道以哪个为准。"))
    unit, rest = _unit_at(rest)
    if not unit and not rest:
        unit = heading_unit(heading)
    if not unit:
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
    act = _after(rest, "within")
    if act in words("act")[""]:
        return Reading(read.limit, read.choice, act)
    return _refused(gettext("时限后面的“{text}”看不懂。").format(text=rest[:20]))
