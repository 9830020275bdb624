"""How built-in functions are declared and called: by position or by name, with FEEL's implicit conversions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import DecimalException
from typing import Any

from yiwang.engines.feel.kinds import kind_of
from yiwang.engines.feel.limits import account, null, tick
from yiwang.engines.feel.temporal import Date, DateTime, Time, Zone
from yiwang.engines.feel.values import Function

Run = Callable[..., Any]
_REFUSED = object()


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function. `kinds` are the accepted kinds of each parameter, None for any."""

    names: tuple[str, ...]
    kinds: tuple[frozenset[str] | None, ...]
    required: int
    takes_rest: bool
    takes_all: bool
    run: Run

    def accept(self, arguments: list[Any]) -> list[Any] | None:
        """The arguments as the function wants them, or None when it does not want them."""
        if self.takes_all or (self.takes_rest and not (len(arguments) == 1 and type(arguments[0]) is list)):
            arguments = [arguments] if arguments else []
        if not self.required <= len(arguments) <= len(self.names):
            return None
        taken = []
        for index, value in enumerate(arguments):
            value = _fit(value, self.kinds[index], index >= self.required)
            if value is _REFUSED:
                return None
            taken.append(value)
        return taken

    def order(self, names: tuple[str, ...], values: list[Any]) -> list[Any] | None:
        """Named arguments in order, gaps as null; None when a name is unknown or a required one is missing."""
        given = dict(zip(names, values, strict=True))
        if not set(self.names[: self.required]) <= given.keys() <= set(self.names):
            return None
        last = max((index for index, name in enumerate(self.names) if name in given), default=-1)
        return [given.get(name) for name in self.names[: last + 1]]


def _fit(value: Any, kinds: frozenset[str] | None, is_optional: bool) -> Any:
    if kinds is None:
        return value
    kind = kind_of(value)
    if kind in kinds or (value is None and is_optional):
        return value
    if kind == "list" and len(value) == 1 and kind_of(value[0]) in kinds:
        return value[0]
    if "list" in kinds and value is not None:
        return [value]
    if kind == "date" and "date and time" in kinds:
        return DateTime(value, Time(0, Zone(offset=0))) if isinstance(value, Date) else _REFUSED
    return _REFUSED


SIGNATURES: dict[str, list[Signature]] = {}
BUILTINS: dict[str, Function] = {}
"""Every built-in function by its name."""


def builtin(name: str, parameters: str = "") -> Callable[[Run], Run]:
    """Declare a function: `"string: string, length?: number"`; kinds are joined by `|`, `any` takes also null.

    A parameter written `list...` takes a list, or the arguments themselves; `any***` always the arguments.
    """
    entries = [entry.split(": ") for entry in parameters.split(", ")] if parameters else []
    required = sum(not key.endswith("?") for key, _ in entries)
    kinds = tuple(None if kind.startswith("any") else frozenset(kind.rstrip(".").split("|")) for _, kind in entries)
    takes_rest, takes_all = parameters.endswith("..."), parameters.endswith("***")

    def register(run: Run) -> Run:
        names = tuple(key.rstrip("?") for key, _ in entries)
        signatures = SIGNATURES.setdefault(name, [])
        signatures.append(Signature(names, kinds, required, takes_rest, takes_all, run))
        if name not in BUILTINS:
            BUILTINS[name] = _function(name, names, signatures)
        return run

    return register


def _function(name: str, names: tuple[str, ...], signatures: list[Signature]) -> Function:
    def call(arguments: list[Any]) -> Any:
        tick(1 + sum(len(value) for value in arguments if type(value) is list or type(value) is str) // 512)
        for signature in signatures:
            taken = signature.accept(arguments)
            if taken is not None:
                try:
                    return account(signature.run(*taken))
                except (DecimalException, OverflowError, ValueError):
                    return null(f"函数 {name} 没有有限的结果")
        given = "、".join(kind_of(argument) for argument in arguments) or "无"
        return null(f"函数 {name} 不接受这些参数：{given}")

    def bind(names: tuple[str, ...], values: list[Any]) -> list[Any] | None:
        for signature in signatures:
            order = signature.order(names, values)
            if order is not None and signature.accept(order) is not None:
                return order
        return None

    return Function(name, names, call, bind=bind)
