"""The script of a simulation: what happens to one case, step after step.

`{"data": {…}, "at": "2021-09-30T10:00", "steps": [{"complete": "受理", "data": {…}}, {"advance": "PT4H"}, …]}`
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from yiwang.engines.bpmn.hints import nearest
from yiwang.engines.directory.spec import UNITS, Limit
from yiwang.engines.processes.api import VERBS, limit_of
from yiwang.engines.rules.api import compile_expression
from yiwang.kernel.clock import CHINA
from yiwang.kernel.errors import SpecError, YiwangError

HEAD = ("data", "at", "as", "start", "choose", "steps")
ACTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "complete": ("data", "as", "number"),
        "verb": ("task", "arguments", "as", "number"),
        "answer": ("data", "number"),
        "fail": ("error", "number"),
        "message": ("payload",),
        "signal": ("payload",),
        "advance": (),
        "until": (),
    }
)
"""What a step may do, and what may stand beside it; `choose` may stand beside each."""
FIRST_MOMENT = "2021-03-01T09:00"
"""When a case opens that says no time: a Monday with a published calendar."""
_TOO_FAR = 2200
PERSONAL = tuple(key for key, verb in VERBS.items() if verb.is_for_people and key not in ("open", "complete"))
_LENGTH = re.compile(r"P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?\Z")


class ScriptError(YiwangError):
    """A mistake in a script; the sentence says in which step, and what now."""

    code = "SIMULATION_SCRIPT"


@dataclass(frozen=True)
class Step:
    """One step: `action` with its main value `what`, and what stands beside it."""

    number: int
    action: str
    what: Any
    data: Mapping[str, Any] = field(default_factory=dict)
    person: str = ""
    task: str = ""
    run: int = 1
    error: str = ""
    choose: tuple[str, ...] = ()

    def mistake(self, what: str, now: str = "") -> ScriptError:
        return ScriptError(f"第 {self.number} 步（{self.action}）：{what}{now}")


@dataclass(frozen=True)
class Script:
    """A script read: how the case opens, then the steps."""

    data: Mapping[str, Any]
    at: datetime
    person: str
    start: str
    choose: tuple[str, ...]
    steps: tuple[Step, ...]


def read_script(raw: Any) -> Script:
    """Check a script; ScriptError for the first mistake."""
    if not isinstance(raw, Mapping):
        raise ScriptError('脚本应为 JSON 对象，例如 {"data": {}, "steps": []}。')
    _check_head(raw)
    try:
        at = read_instant(raw.get("at", FIRST_MOMENT))
    except ValueError:
        raise ScriptError(f"脚本的 at“{raw['at']}”不是时刻。请写成 {FIRST_MOMENT}。") from None
    steps = raw.get("steps", [])
    read = tuple(_read_step(number, step) for number, step in enumerate(steps, 1))
    chosen = _names(raw.get("choose", ()))
    return Script(raw.get("data", {}), at, raw.get("as", ""), raw.get("start", ""), chosen, read)


_NAMES = "文字或文字的列表（去向的名称或下一个节点）"


def _check_head(raw: Mapping[str, Any]) -> None:
    for name in raw:
        if name not in HEAD:
            raise ScriptError(f"脚本里没有“{name}”这一项。{nearest(name, HEAD)}")
    if not isinstance(raw.get("steps", []), list):
        raise ScriptError("脚本的 steps 应为步骤的列表。请用方括号。")
    for name, kind, title in (("data", Mapping, "JSON 对象"), ("as", str, "文字"), ("start", str, "文字")):
        if name in raw and not isinstance(raw[name], kind):
            raise ScriptError(f"脚本的 {name} 应为{title}。")
    if "choose" in raw and not _are_names(raw["choose"]):
        raise ScriptError(f"脚本的 choose 应为{_NAMES}。")


def _are_names(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))


def _names(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _read_step(number: int, raw: Any) -> Step:
    if not isinstance(raw, Mapping):
        raise ScriptError(f'第 {number} 步应为 JSON 对象，例如 {{"complete": "受理"}}。')
    named = [name for name in raw if name in ACTIONS]
    if len(named) != 1:
        strange = next((name for name in raw if name not in _BESIDE), "")
        hint = nearest(strange, ACTIONS) if strange and not named else f"请只写一项：{'、'.join(ACTIONS)}。"
        what = f"不认识“{strange}”" if strange and not named else f"有 {len(named)} 个动作"
        raise ScriptError(f"第 {number} 步：{what}。{hint}")
    action = named[0]
    step = Step(number, action, raw[action])
    for name in raw:
        if name not in (action, "choose", *ACTIONS[action]):
            raise step.mistake(f"这里没有“{name}”这一项。", nearest(name, (*ACTIONS[action], "choose")))
    for name, (test, title) in _BESIDE.items():
        if name in raw and not test(raw[name]):
            raise step.mistake(f"{name} 应为{title}。")
    _check_what(step)
    data: Mapping[str, Any] = next((raw[name] for name in ("data", "arguments", "payload") if name in raw), {})
    rest = raw.get("as", ""), raw.get("task", ""), raw.get("number", 1), raw.get("error", "")
    return Step(number, action, raw[action], data, *rest, _names(raw.get("choose", ())))


_BESIDE: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "data": (lambda value: isinstance(value, Mapping), "JSON 对象"),
    "payload": (lambda value: isinstance(value, Mapping), "JSON 对象"),
    "arguments": (lambda value: isinstance(value, Mapping), "JSON 对象"),
    "as": (lambda value: isinstance(value, str), "文字（人员名称）"),
    "task": (lambda value: isinstance(value, str), "文字（任务的标识或标题）"),
    "error": (lambda value: isinstance(value, str), "文字（错误名称）"),
    "choose": (_are_names, _NAMES),
    "number": (lambda value: isinstance(value, int) and not isinstance(value, bool) and value > 0, "从 1 开始的整数"),
}


def _check_what(step: Step) -> None:
    """The main value of a step."""
    if step.action in ("advance", "until"):
        moment(step, read_instant(FIRST_MOMENT))
    elif not isinstance(step.what, str) or not step.what:
        raise step.mistake(f"{step.action} 后面应为文字。", "请写任务、消息或操作的名称。")
    elif step.action == "verb" and step.what not in PERSONAL:
        raise step.mistake(f"没有“{step.what}”这个操作。", nearest(step.what, PERSONAL))


def read_instant(text: Any) -> datetime:
    """An ISO 8601 instant; without a zone it is Chinese time. ValueError otherwise."""
    if not isinstance(text, str):
        raise ValueError(text)
    at = datetime.fromisoformat(text)
    if not 1990 <= at.year <= _TOO_FAR:
        raise ValueError(text)
    return at.astimezone(CHINA) if at.tzinfo else at.replace(tzinfo=CHINA)


def moment(step: Step, now: datetime) -> datetime | Limit:
    """The instant a step advances to, or the limit to let pass."""
    if step.action == "until":
        try:
            return read_instant(step.what)
        except ValueError:
            raise step.mistake(f"“{step.what}”不是时刻。", f"请写成 {FIRST_MOMENT}。") from None
    if isinstance(step.what, Mapping):
        try:
            limit = limit_of(step.what)
            assert limit is not None
            return limit
        except (SpecError, KeyError, ArithmeticError, ValueError):
            now_text = f'请写成 {{"amount": 2, "unit": "working_day"}}；单位有：{"、".join(UNITS)}。'
            raise step.mistake("时限不正确。", now_text) from None
    length = _length(step.what)
    if length is None:
        raise step.mistake(f"“{step.what}”不是时长。", "请写成 PT4H（4 小时）或 P2D（2 天）。")
    return now + length


def _length(text: Any) -> timedelta | None:
    if not isinstance(text, str) or len(text) > 40 or not _LENGTH.match(text):
        return None
    value = compile_expression(f'duration("{text}")').value({})
    return value if isinstance(value, timedelta) and value <= timedelta(days=36_600) else None
