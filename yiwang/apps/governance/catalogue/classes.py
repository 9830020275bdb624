"""One condition of one class, as a first edition, a spreadsheet and the book all know it; codes and words for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext

from yiwang.engines.directory.spec import UNITS, Limit

KINDS: Mapping[str, str] = MappingProxyType({"component": "部件", "event": "事件"})
LEVELS: Mapping[str, str] = MappingProxyType({"village": "村居", "town": "镇街", "district": "区"})
"""小事不出村、中事不出镇、大事不出区: where a class is settled first. Which class is which is a proposal."""
CATEGORIES: Mapping[str, str] = MappingProxyType(
    {
        "manhole": "井盖缺失或破损", "road": "道路破损", "lamp": "路灯不亮",
        "waste": "暴露垃圾", "water": "积水或排水不畅", "other": "其他",
    }
)  # fmt: skip
"""What citizens choose from: the keys of the report form of `city_incident.incident`."""
_LETTERS = MappingProxyType({"component": "C", "event": "E"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassCondition:
    """A condition (立案条件) of a class (小类) of a group (大类). Empty texts and None: the source does not say."""

    kind: str
    group: str
    group_title: str
    small: str
    title: str
    number: int
    condition: str = ""
    evidence: str = ""
    handle: Limit | None = None
    whole: Limit | None = None
    closing: str = ""
    is_urgent: bool = False
    level: str = ""
    category: str = ""
    words: str = ""

    @property
    def class_code(self) -> str:
        """Unique over both kinds: `C0101`."""
        return class_code(self.kind, self.group, self.small)


def class_code(kind: str, group: str, small: str) -> str:
    """C for components, E for events, two digits of the group, two of the class."""
    return f"{_LETTERS[kind]}{group}{small}"


def display_class(code: str) -> str:
    """As people write it: `部件 01-01`."""
    kind = next((kind for kind, letter in _LETTERS.items() if code.startswith(letter)), "")
    return f"{gettext(KINDS[kind])} {code[1:3]}-{code[3:5]}" if kind else code


def limit_words(limit: Limit | Mapping[str, object] | None) -> str:
    """`2紧急工作时`, as the trade writes it; '' without a limit."""
    if limit is None:
        return ""
    amount, unit = (limit.amount, limit.unit) if isinstance(limit, Limit) else (limit["amount"], limit["unit"])
    return gettext("{amount}{unit}").format(amount=amount, unit=gettext(UNITS[str(unit)]))
