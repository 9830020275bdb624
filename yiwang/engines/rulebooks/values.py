"""One cell of a book: read from what people, files and programs give, stored as plain JSON, shown as text.

Nothing is guessed: what cannot be read is a `Fault` with its reason and what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext

from yiwang.engines.directory.api import Limit, read_limit
from yiwang.engines.directory.spec import UNITS
from yiwang.engines.rulebooks.spec import Book, Column, Input, Output
from yiwang.kernel.errors import InvalidInput, SpecError
from yiwang.kernel.wording import about

MOST_SIGNS = 2_000
MOST_INPUT_SIGNS = 120
_SEPARATORS = re.compile(r"[、，,；;\s]+")
_YES = {"是": True, "yes": True, "true": True, "否": False, "no": False, "false": False}
_LARGEST = 999_999_999_999_999
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell cannot be read, and what to do: both in Chinese for people."""

    code: str
    message: str
    next_step: str


class Unreadable(Exception):
    """Carries the fault of a cell out of its reader."""

    def __init__(self, code: str, message: str, next_step: str) -> None:
        self.fault = Fault(code, message, next_step)
        super().__init__(message)


def read_cell(column: Column, given: Any) -> Any:
    """The stored value; None for a blank cell. Unreadable otherwise."""
    value = given.strip() if isinstance(given, str) else given
    if value is None or value == "" or (isinstance(value, (list, tuple)) and not value):
        if column.is_required:
            raise Unreadable(
                "REQUIRED",
                about(gettext("{title}没有填写。"), gettext(column.title)),
                about(gettext("请填写{title}。"), gettext(column.title)),
            )
        return None
    if isinstance(column, Input):
        return _input(column, value)
    return _READERS[column.kind](column, value)


def _input(column: Input, value: Any) -> str:
    if column.options:
        return _choice(column, value)
    text = _plain(value)
    if len(text) > MOST_INPUT_SIGNS or not text.isprintable():
        raise Unreadable("NOT_A_KEY", gettext("“{text}”不能用来查找。").format(text=text[:30]), _shorter())
    return text


def _shorter() -> str:
    return gettext("请填写不超过 {most} 个字的一行文字。").format(most=MOST_INPUT_SIGNS)


def _plain(value: Any) -> str:
    """Text of a cell; a spreadsheet's 3.0 is 3."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (str, int, float, Decimal)):
        return str(value).strip()
    raise Unreadable(
        "NOT_TEXT",
        gettext("“{text}”不是文字。").format(text=str(value)[:30]),
        gettext("日期和时间请按文字填写；列表和对象不能填在这里。"),
    )


def _text(column: Output, value: Any) -> str:
    text = _plain(value)
    if len(text) > MOST_SIGNS:
        raise Unreadable(
            "TOO_LONG",
            gettext("有 {length} 个字，最多 {most} 个。").format(length=len(text), most=MOST_SIGNS),
            gettext("请删减，或把全文放在制度文件里。"),
        )
    if any(not sign.isprintable() and sign not in "\n\t" for sign in text):
        raise Unreadable("CONTROL_CHARACTER", gettext("含有无法保存的字符。"), gettext("请删去后重新输入。"))
    return text


def _decimal(value: Any) -> Decimal:
    try:
        number = Decimal(_plain(value).replace("，", "").replace(",", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if (
        isinstance(value, bool)
        or not number.is_finite()
        or abs(number) > _LARGEST
        or len(number.as_tuple().digits) > 15
    ):
        raise Unreadable(
            "NOT_A_NUMBER",
            gettext("“{text}”不是数字。").format(text=str(value)[:30]),
            gettext("请填写数字，最多 15 位，如 12.5。"),
        )
    return number


def _number(column: Output, value: Any) -> int | float:
    number = _decimal(value)
    return int(number) if number == number.to_integral_value() else float(number)


def _whole(column: Output, value: Any) -> int:
    number = _decimal(value)
    if number != number.to_integral_value():
        raise Unreadable(
            "NOT_WHOLE", gettext("“{text}”不是整数。").format(text=str(value)[:30]), gettext("请填写整数，如 3。")
        )
    return int(number)


def _boolean(column: Output, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    found = _YES.get(_plain(value).lower())
    if found is None:
        raise Unreadable(
            "NOT_YES_OR_NO",
            gettext("“{text}”不是“是”或“否”。").format(text=str(value)[:30]),
            gettext("请填写“是”或“否”。"),
        )
    return found


def _option(column: Column, text: str) -> str:
    if text in column.options:
        return text
    keys = [key for key, title in column.options.items() if text in (title, gettext(title))]
    if len(keys) == 1:
        return keys[0]
    known = gettext("、").join(gettext(title) for title in column.options.values())
    raise Unreadable(
        "NO_SUCH_OPTION",
        about(gettext("{title}没有“{text}”这个选项。"), gettext(column.title), text=text[:30]),
        gettext("请从这些里选：{known}。").format(known=known),
    )


def _choice(column: Column, value: Any) -> str:
    return _option(column, _plain(value))


def _codes(column: Output, value: Any) -> list[str]:
    parts = list(value) if isinstance(value, (list, tuple)) else _SEPARATORS.split(_plain(value))
    texts = [text for part in parts if (text := _plain(part))]
    found = [_option(column, text) if column.options else text for text in texts]
    twice = sorted({text for text in found if found.count(text) > 1})
    if twice:
        raise Unreadable(
            "TWICE", gettext("“{text}”写了两次。").format(text=twice[0]), gettext("每个代码只写一次，用顿号隔开。")
        )
    if any(_SEPARATORS.search(text) for text in found):
        raise Unreadable("NOT_A_CODE", gettext("代码里不能有空格或标点。"), gettext("请用顿号隔开代码。"))
    return found


def _limit(column: Output, value: Any) -> dict[str, Any]:
    try:
        if isinstance(value, Mapping):
            amount = Decimal(str(value["amount"]))
            value = Limit(int(amount) if amount == amount.to_integral_value() else amount, str(value["unit"]))
        limit = value if isinstance(value, Limit) else read_limit(_plain(value))
    except (KeyError, InvalidOperation, SpecError, InvalidInput):
        units = gettext("、").join(gettext(title) for title in UNITS.values())
        raise Unreadable(
            "NOT_A_LIMIT",
            gettext("“{text}”不是时限。").format(text=str(value)[:30]),
            gettext("请写数量和单位，如“2紧急工作时”；单位有{units}。").format(units=units),
        ) from None
    return {"amount": int(limit.amount) if limit.amount == int(limit.amount) else str(limit.amount), "unit": limit.unit}


_READERS: Mapping[str, Callable[[Output, Any], Any]] = {
    "text": _text, "number": _number, "whole": _whole, "boolean": _boolean, "choice": _choice, "limit": _limit,
    "codes": _codes,
}  # fmt: skip


def read_row(book: Book, given: Mapping[str, Any]) -> tuple[Values, dict[str, Fault]]:
    """The stored values of a row, blank cells absent, and the faults by column; a key that is no column is a fault."""
    values: Values = {}
    faults: dict[str, Fault] = {}
    for column in book.columns:
        try:
            value = read_cell(column, given.get(column.key))
        except Unreadable as error:
            faults[column.key] = error.fault
            continue
        if value is not None:
            values[column.key] = value
    for key in given:
        if key not in book.by_key and key not in faults:
            message = gettext("规则簿没有“{key}”这一列。").format(key=str(key)[:40])
            faults[str(key)] = Fault("NO_SUCH_COLUMN", message, gettext("请删去这一列，或请管理员核对规则簿的定义。"))
    return values, faults


def key_of(book: Book, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The cells of all inputs, '' for blank ones: what makes a row this row."""
    return tuple(values.get(column.key) or "" for column in book.inputs)


def written(column: Column, value: Any) -> str:
    """The cell as a file holds it, which `read_cell` reads back as the same value, in Chinese whatever the reader."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return f"{value['amount']}{UNITS.get(str(value['unit']), value['unit'])}"
    if isinstance(value, list):
        return "、".join(column.options.get(one, one) for one in value)
    return column.options.get(str(value), str(value))


def shown(column: Column, value: Any) -> str:
    """The cell as people read it, in their language."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, Mapping):
        return gettext("{amount}{unit}").format(amount=value["amount"], unit=gettext(UNITS.get(str(value["unit"]), "")))
    if isinstance(value, list):
        return gettext("、").join(_titled(column, one) for one in value)
    return _titled(column, str(value))


def _titled(column: Column, key: str) -> str:
    return gettext(column.options[key]) if key in column.options else key


def named_key(book: Book, key: Iterable[str]) -> str:
    """The inputs of a row in words, for messages: “类别 C0101，级别 镇街”; blank cells left out."""
    parts = [
        f"{gettext(column.title)} {shown(column, cell)}" for column, cell in zip(book.inputs, key, strict=True) if cell
    ]
    return gettext("，").join(parts) or gettext("（各项不限）")
