"""Built-in functions on numbers and truth values."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from typing import Any

from yiwang.engines.feel.kinds import less
from yiwang.engines.feel.limits import null
from yiwang.engines.feel.numbers import CONTEXT, ONE, ZERO
from yiwang.engines.feel.operators import negated
from yiwang.engines.feel.signatures import builtin
from yiwang.engines.feel.temporal import DaysDuration, MonthsDuration

_WIDE = Context(prec=6300, Emin=-6143, Emax=6144)
_SCALES = range(-6111, 6177)


def rounded(number: Decimal, scale: Decimal, rounding: str) -> Any:
    """The number at so many decimals; null when the scale is no whole number of FEEL's range."""
    places = int(scale) if scale.adjusted() < 9 else _SCALES.stop
    if places not in _SCALES:
        return null(f"小数位数 {scale} 不是 {_SCALES.start} 到 {_SCALES.stop - 1} 之间的整数")
    if not number:
        return ZERO
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places and number.adjusted() + places > CONTEXT.prec:
        return number
    return CONTEXT.plus(number.quantize(Decimal(1).scaleb(-places, _WIDE), rounding, _WIDE))


def _declare_rounding(name: str, rounding: str, *, is_scaled: bool = True) -> None:
    builtin(name, "n: number, scale: number")(lambda number, places: rounded(number, places, rounding))
    if not is_scaled:
        builtin(name, "n: number")(lambda number: rounded(number, ZERO, rounding))


_declare_rounding("decimal", ROUND_HALF_EVEN)
_declare_rounding("floor", ROUND_FLOOR, is_scaled=False)
_declare_rounding("ceiling", ROUND_CEILING, is_scaled=False)
_declare_rounding("round up", ROUND_UP)
_declare_rounding("round down", ROUND_DOWN)
_declare_rounding("round half up", ROUND_HALF_UP)
_declare_rounding("round half down", ROUND_HALF_DOWN)


@builtin("abs", "n: number|days and time duration|years and months duration")
def _abs(value: Any) -> Any:
    zero = {DaysDuration: DaysDuration(0), MonthsDuration: MonthsDuration(0)}.get(type(value), ZERO)
    return negated(value) if less(value, zero) else value


@builtin("modulo", "dividend: number, divisor: number")
def _modulo(dividend: Decimal, divisor: Decimal) -> Any:
    if not divisor:
        return null("除数是 0")
    rest = CONTEXT.remainder(dividend, divisor)
    return CONTEXT.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@builtin("sqrt", "number: number")
def _sqrt(number: Decimal) -> Any:
    return null("负数没有平方根") if number < 0 else CONTEXT.sqrt(number)


@builtin("log", "number: number")
def _log(number: Decimal) -> Any:
    return null("对数的真数必须大于 0") if number <= 0 else CONTEXT.ln(number)


builtin("exp", "number: number")(CONTEXT.exp)
builtin("not", "negand: any")(lambda value: not value if isinstance(value, bool) else null("not 的参数不是真假值"))


@builtin("odd", "number: number")
def _is_odd(number: Decimal) -> bool | None:
    if number != number.to_integral_value():
        return None
    return CONTEXT.remainder(number, Decimal(2)) != 0 if number.adjusted() < 33 else False


@builtin("even", "number: number")
def _is_even(number: Decimal) -> bool | None:
    odd = _is_odd(number)
    return None if odd is None else not odd


def _numbers(items: list[Any]) -> Any:
    """The items when all are numbers."""
    if all(type(item) is Decimal for item in items):
        return items
    return null("列表中有不是数字的内容")


def _sum(numbers: list[Decimal]) -> Decimal:
    total = numbers[0]
    for number in numbers[1:]:
        total = CONTEXT.add(total, number)
    return total


@builtin("sum", "list: list...")
def _sum_of(items: list[Any]) -> Any:
    if items and type(items[0]) in (DaysDuration, MonthsDuration):
        return _sum_of_durations(items)
    return _sum(items) if _numbers(items) else None


def _sum_of_durations(items: list[Any]) -> Any:
    kind = type(items[0])
    if any(type(item) is not kind for item in items):
        return null("列表中的时长不是同一种")
    return kind(sum(item.nanos if kind is DaysDuration else item.months for item in items))


@builtin("mean", "list: list...")
def _mean(items: list[Any]) -> Any:
    return CONTEXT.divide(_sum(items), Decimal(len(items))) if _numbers(items) else None


@builtin("product", "list: list...")
def _product(items: list[Any]) -> Any:
    if not _numbers(items):
        return None
    total = ONE
    for number in items:
        total = CONTEXT.multiply(total, number)
    return total


@builtin("median", "list: list...")
def _median(items: list[Any]) -> Any:
    if not _numbers(items):
        return None
    ordered, half = sorted(items), len(items) // 2
    if len(items) % 2:
        return ordered[half]
    return CONTEXT.divide(CONTEXT.add(ordered[half - 1], ordered[half]), Decimal(2))


@builtin("stddev", "list: list...")
def _stddev(items: list[Any]) -> Any:
    if len(items) < 2 or not _numbers(items):
        return null("标准差至少需要两个数字")
    mean = CONTEXT.divide(_sum(items), Decimal(len(items)))
    squares = [CONTEXT.power(CONTEXT.subtract(item, mean), 2) for item in items]
    return CONTEXT.sqrt(CONTEXT.divide(_sum(squares), Decimal(len(items) - 1)))


@builtin("mode", "list: list...")
def _mode(items: list[Any]) -> Any:
    if items and not _numbers(items):
        return None
    counts: dict[Decimal, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, count in counts.items() if count == most)


def _decide(items: list[Any], decides: bool) -> bool | None:
    if decides in [item for item in items if isinstance(item, bool)]:
        return decides
    return (not decides) if all(isinstance(item, bool) for item in items) else None


builtin("all", "list: list...")(lambda items: _decide(items, False))
builtin("any", "list: list...")(lambda items: _decide(items, True))
