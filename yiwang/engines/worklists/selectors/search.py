"""What people ask of a list, read from an address: box, filters, words and order, each checked with a sentence."""

from __future__ import annotations

import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext

from yiwang.engines.directory.api import known_code
from yiwang.engines.worklists.selectors.catalogue import Catalogue, catalogue
from yiwang.kernel.clock import CHINA
from yiwang.kernel.errors import InvalidInput

BOXES = {"mine": "我的", "post": "本岗", "unit": "本单位", "watched": "关注", "opened": "我上报的", "all": "全部"}
TASK_BOXES = frozenset({"mine", "post"})
"""Boxes whose rows are tasks; the others list cases."""
STATUSES = {
    "running": "在办（含挂起）", "open": "办理中", "suspended": "已挂起", "closed": "已结案", "cancelled": "已作废",
}  # fmt: skip
DUES = {"overdue": "已超时", "today": "今日到期", "warning": "临近期限", "provisional": "期限暂定"}
SORTS = {"opened": "最新在前", "due": "期限最近（在办）"}
_MOST_SIGNS, _MOST_WORDS = 100, 8
_NUMBER_SIGNS = 6
"""So many digits and more are the beginning of a case number, fewer are looked for in title and address."""
_DAY_SIGNS = 8
"""Digits of the day a number begins with."""
_CHOICES = {"box": BOXES, "status": STATUSES, "due": DUES, "sort": SORTS}
_TITLES = {
    "box": "列表", "status": "状态", "due": "期限", "sort": "排序", "type": "事项类型", "stage": "环节",
    "category": "类别",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One list. Dates are days in China, both inclusive; the empty value leaves a filter open."""

    box: str = "mine"
    type: str = ""
    stage: str = ""
    status: str = ""
    category: str = ""
    area: str = ""
    due: str = ""
    opened_from: date | None = None
    opened_to: date | None = None
    q: str = ""
    sort: str = ""

    @property
    def of_tasks(self) -> bool:
        return self.box in TASK_BOXES

    @property
    def order(self) -> str:
        """Tasks show what is due first, cases what is new, unless asked otherwise."""
        return self.sort or ("due" if self.of_tasks else "opened")

    @property
    def is_running(self) -> bool:
        """Whether only cases in work are asked for: only they have a stage, and a time limit that still counts."""
        by_due = not self.of_tasks and self.order == "due"
        return bool(self.due or self.stage) or self.status == "running" or (by_due and not self.status)

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the list, by name."""
        return {key: value for key, value in self.given.items() if key not in ("box", "sort")}

    @property
    def given(self) -> dict[str, str]:
        """Everything that is set, as in an address."""
        return {key: str(value) for key, value in asdict(self).items() if value}

    def query(self, **changes: Any) -> str:
        """The address's query for this list, with changes; paging starts at the first page."""
        return urlencode(replace(self, **changes).given if changes else self.given)

    @property
    def period(self) -> tuple[datetime | None, datetime | None]:
        """When the cases were opened that can fit: from, and before; None leaves it open. Numbers tell it too."""
        numbers = [days for word in self.words if is_number(word) and (days := days_of_number(word))]
        firsts = [first for first, _ in numbers] + ([self.opened_from] if self.opened_from else [])
        lasts = [last for _, last in numbers] + ([self.opened_to] if self.opened_to else [])
        return begin_of(max(firsts)) if firsts else None, end_of(min(lasts)) if lasts else None

    @property
    def words(self) -> list[str]:
        """What `q` looks for, folded as the database folds the text it searches."""
        return _folded(self.q).split()


def _folded(text: str) -> str:
    """One width, and lower case of the Latin alphabet, as `cases_searchable` does."""
    wide = unicodedata.normalize("NFKC", text.replace("\0", ""))
    return "".join(chr(ord(sign) + 32) if "A" <= sign <= "Z" else sign for sign in wide)


def is_number(word: str) -> bool:
    return len(word) >= _NUMBER_SIGNS and word.isascii() and word.isdigit()


def days_of_number(number: str) -> tuple[date, date] | None:
    """The first and last day on which numbers begin so; None when more than a day is given, or what no day has.

    A case's number begins with the day in China on which it was opened (`cases.numbers`).
    """
    year, month = int(number[:4]), int(number[4:6])
    if len(number) > _DAY_SIGNS or not (date.min.year <= year and 1 <= month <= 12):
        return None
    days = [day for day in range(1, monthrange(year, month)[1] + 1) if f"{day:02}".startswith(number[6:])]
    return (date(year, month, days[0]), date(year, month, days[-1])) if days else None


def pairs_query(word: str) -> str:
    """A tsquery that finds texts with all pairs of the word; a single sign stands at the beginning of some pair."""

    def quoted(text: str) -> str:
        escaped = text.replace("\\", "\\\\").replace("'", "''")
        return f"'{escaped}'"

    if len(word) == 1:
        return f"{quoted(word)}:*"
    return " & ".join(dict.fromkeys(quoted(word[place : place + 2]) for place in range(len(word) - 1)))


class BadSearch(InvalidInput):
    """Values that cannot be; `search` holds what of the address could be read."""

    next_step = "请更正筛选条件后重试。"

    def __init__(self, errors: list[dict[str, str]], search: Search) -> None:
        self.search = search
        super().__init__(errors, errors[0]["message"])


class _Reading:
    """Reads one address; faults are gathered, so that a page can show them all."""

    def __init__(self, given: Mapping[str, str], known: Catalogue) -> None:
        self.given, self.known = given, known
        self.errors: list[dict[str, str]] = []

    def fault(self, path: str, code: str, message: str) -> None:
        self.errors.append({"path": path, "code": code, "message": message})

    def text(self, name: str) -> str:
        return str(self.given.get(name) or "").strip()

    def choice(self, name: str, options: Mapping[str, str]) -> str:
        value = self.text(name)
        if value and value not in options:
            self.fault(
                name,
                "CHOICE",
                gettext("{title}中没有“{value}”这一项。").format(title=gettext(_TITLES[name]), value=value[:20]),
            )
            return ""
        return value

    def day(self, name: str) -> date | None:
        value = self.text(name)
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fault(
                name, "DATE", gettext("“{value}”不是日期，请按 2026-05-01 的格式填写。").format(value=value[:20])
            )
            return None

    def area(self) -> str:
        try:
            return known_code(value) if (value := self.text("area")) else ""
        except InvalidInput as error:
            self.fault("area", "DIVISION_UNKNOWN", error.message)
            return ""

    def q(self) -> str:
        value = " ".join(self.text("q").replace("\0", "").split())
        if len(value) > _MOST_SIGNS:
            self.fault("q", "TOO_LONG", gettext("搜索词过长，最多 {most} 个字。").format(most=_MOST_SIGNS))
            return ""
        if len(value.split()) > _MOST_WORDS:
            self.fault("q", "TOO_MANY", gettext("搜索词过多，最多 {most} 个。").format(most=_MOST_WORDS))
            return ""
        return value

    def search(self) -> Search:
        kinds = self.known.kinds
        type = self.choice("type", {key: kind.title for key, kind in kinds.items()})
        of_type = [kinds[type]] if type else list(kinds.values())
        stages = {key: title for kind in of_type for key, title in kind.stages.items()}
        categories = {key: title for kind in of_type for key, title in kind.categories.items()}
        chosen = {name: self.choice(name, options) for name, options in _CHOICES.items()}
        found = Search(
            type=type, stage=self.choice("stage", stages), category=self.choice("category", categories),
            area=self.area(), opened_from=self.day("opened_from"), opened_to=self.day("opened_to"), q=self.q(),
            **{**chosen, "box": chosen["box"] or ("all" if self.text("q") else "mine")},
        )  # fmt: skip
        if found.opened_from and found.opened_to and found.opened_from > found.opened_to:
            self.fault("opened_to", "DATES", "结束日期早于开始日期。")
        return found


def read_search(given: Mapping[str, str]) -> Search:
    """The list an address asks for; BadSearch names each value that cannot be."""
    reading = _Reading(given, catalogue())
    search = reading.search()
    if reading.errors:
        raise BadSearch(reading.errors, search)
    return search


def begin_of(day: date) -> datetime:
    """Midnight in China at which the day begins."""
    return datetime.combine(day, time.min, CHINA)


def end_of(day: date) -> datetime:
    return begin_of(day) + timedelta(days=1) if day < date.max else datetime.combine(day, time.max, CHINA)
