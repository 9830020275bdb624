"""One frozen word per kind of field. `spec` re-exports them; apps import from there.

JSON shapes of the values:
text, long text, choice, division: string · multiple choice: list of strings · boolean: true or false · number: JSON
number · money: decimal string "12.30" · date "2026-05-01" · date-time "2026-05-01T09:30:00+08:00" · place: {longitude,
latitude, address, division} · photo, file: list of
attachment ids · signature: {picture: attachment id} or {typed: name} · party: {kind, name, id_number, phone},
or {party_id, kind, name, id_masked, phone_masked} once kept in the directory · group: list of rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from yiwang.engines.directory.spec import LEVELS
from yiwang.kernel.app import check_key
from yiwang.kernel.errors import SpecError, did_you_mean

Amount = Decimal | int | str | None
CONTENTS = ("any", "phone", "email", "postal_code", "resident_id", "credit_code")
PARTY_KINDS = ("person", "firm", "either")
FILE_KINDS = ("image", "pdf", "office", "zip", "text")
_RESERVED = frozenset({"and", "or", "not", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies"})


def check_distinct(where: str, fields: Iterable[Field]) -> None:
    """Field keys of one form or one group are unique; SpecError naming the second."""
    seen: set[str] = set()
    for item in fields:
        if item.key in seen:
            raise SpecError(where, f"field '{item.key}' ({item.title}) is declared twice.", "Rename one of them.")
        seen.add(item.key)


def _check_range(where: str, low: Decimal | int | None, high: Decimal | int | None, words: str) -> None:
    if low is not None and high is not None and low > high:
        raise SpecError(where, f"{words}: {low} is more than {high}.", "Swap them or correct one.")


def _check_word(where: str, name: str, word: str, known: Iterable[str]) -> None:
    if word not in known:
        raise SpecError(where, f"{name} '{word}' does not exist.", did_you_mean(word, known))


def _amount(where: str, name: str, value: Amount) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        raise SpecError(where, f"{name} '{value}' is not a number.", "Write it like '12.50'.") from None


@dataclass(frozen=True)
class Field:
    """What all fields share. `hint` stands under the label, `example` is a sample value shown with it.

    `visible_when`, `required_when`, `valid_when` are FEEL conditions; a hidden field's value is dropped. `computed` is
    a FEEL value: the field is shown, never asked. `invalid_message` is the Chinese sentence when `valid_when` fails.
    `personal` values are masked on screen for readers without the right to see them.
    """

    kind: ClassVar[str] = ""

    key: str
    title: str
    _: KW_ONLY
    required: bool = False
    hint: str = ""
    example: str = ""
    visible_when: str = ""
    required_when: str = ""
    valid_when: str = ""
    invalid_message: str = ""
    computed: str = ""
    personal: bool = False

    @property
    def where(self) -> str:
        """How errors name this declaration."""
        return f"{type(self).__name__} '{self.key}' ({self.title})"

    def __post_init__(self) -> None:
        check_key(self.where, self.key)
        if self.key in _RESERVED:
            raise SpecError(self.where, "has a key that FEEL reserves.", "Choose another key.")
        if not self.title.strip():
            raise SpecError(self.where, "has no title.", "Give it the Chinese words people read.")
        if self.computed and (self.required or self.required_when):
            raise SpecError(self.where, "is computed and required.", "Nobody fills it in: drop one of the two.")
        if self.required and self.required_when:
            raise SpecError(self.where, "is required always and 'when'.", "Keep required or required_when, not both.")
        if bool(self.valid_when) != bool(self.invalid_message):
            raise SpecError(
                self.where, "needs valid_when and invalid_message together.", "Say in Chinese what to do when it fails."
            )


@dataclass(frozen=True)
class Text(Field):
    """One line. `content` (one of `CONTENTS`) presets check, keyboard and autocomplete; `pattern` matches the whole."""

    kind = "text"

    min_length: int = 0
    max_length: int = 200
    pattern: str = ""
    content: str = "any"
    autocomplete: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_word(self.where, "content", self.content, CONTENTS)
        _check_range(self.where, self.min_length, self.max_length, "min_length and max_length")
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise SpecError(self.where, f"pattern is not a regular expression: {error}.", "Correct it.") from None


@dataclass(frozen=True)
class LongText(Field):
    """Several lines."""

    kind = "long_text"

    max_length: int = 2000
    rows: int = 4


@dataclass(frozen=True)
class Number(Field):
    """A decimal number with at most `decimals` places and a unit shown behind it (米, 人). At most 15 digits."""

    kind = "number"

    minimum: Amount = None
    maximum: Amount = None
    decimals: int = 0
    unit: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        low, high = _amount(self.where, "minimum", self.minimum), _amount(self.where, "maximum", self.maximum)
        _check_range(self.where, low, high, "minimum and maximum")
        object.__setattr__(self, "minimum", low)
        object.__setattr__(self, "maximum", high)


@dataclass(frozen=True)
class Money(Number):
    """Yuan with two places."""

    kind = "money"

    minimum: Amount = Decimal(0)
    decimals: int = 2
    unit: str = "元"


@dataclass(frozen=True)
class Date(Field):
    """A day. `earliest` and `latest` are ISO days or "today"; empty means no bound."""

    kind = "date"

    earliest: str = ""
    latest: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        for bound in (self.earliest, self.latest):
            if bound not in ("", "today"):
                try:
                    date.fromisoformat(bound)
                except ValueError:
                    raise SpecError(self.where, f"'{bound}' is no day.", "Write 2026-05-01 or 'today'.") from None


@dataclass(frozen=True)
class DateTime(Date):
    """An instant, asked to the minute in Chinese civil time."""

    kind = "date_time"


@dataclass(frozen=True)
class Boolean(Field):
    """Yes or no. `consent`: only yes is accepted, asked as one box to tick."""

    kind = "boolean"

    consent: bool = False


@dataclass(frozen=True)
class Option:
    """One answer of a choice. `parent` is the option of the parent field under which it is offered."""

    key: str
    title: str
    parent: str = ""


@dataclass(frozen=True)
class Choice(Field):
    """One answer, or several. `options`: Option, (key, title) pairs or a mapping; kept as a tuple of Option.

    `parent` names the choice above it in a cascade; `options_when` is FEEL for the list of keys on offer (null: all);
    `searchable` offers a search box when the list is long.
    """

    kind = "choice"

    options: tuple[Option | tuple[str, str], ...] | Mapping[str, str] = ()
    multiple: bool = False
    searchable: bool = False
    parent: str = ""
    options_when: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        given = self.options.items() if isinstance(self.options, Mapping) else self.options
        options = tuple(item if isinstance(item, Option) else Option(*item) for item in given)
        if not options:
            raise SpecError(self.where, "has no options.", "Give options={'waste': '暴露垃圾'}.")
        if len({item.key for item in options}) < len(options):
            raise SpecError(self.where, "has two options with one key.", "Rename one of them.")
        if any(bool(item.parent) != bool(self.parent) for item in options):
            raise SpecError(self.where, "mixes options with and without parent.", "In a cascade each option names one.")
        object.__setattr__(self, "options", options)

    @property
    def listed(self) -> tuple[Option, ...]:
        """The options in declared order."""
        return tuple(item for item in self.options if isinstance(item, Option))


@dataclass(frozen=True)
class DivisionField(Field):
    """A division of the district at `level`, by its significant digits. `within` narrows it to a code prefix."""

    kind = "division"

    level: str = "village"
    within: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_word(self.where, "level", self.level, LEVELS)


@dataclass(frozen=True)
class Listed(Field):
    """One entry of a list that is kept elsewhere and changes without a new form, such as the classes of a catalogue.

    `source` names the list, `"<app>.<list>"`; whoever keeps it answers `api.add_list_source`.
    """

    kind = "listed"

    source: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.source:
            raise SpecError(self.where, "names no list.", "Give source='catalogue.classes'.")


@dataclass(frozen=True)
class Place(Field):
    """A point on the map (WGS-84) with an address. A point outside every known division is refused.

    `unknown_allowed`: it is accepted, and so is an address without a point; the division stays unknown, the page says
    so, and a person must find it.
    """

    kind = "place"

    unknown_allowed: bool = False


@dataclass(frozen=True)
class _Uploads(Field):
    at_least: int = 0
    at_most: int = 9

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_range(self.where, self.at_least, self.at_most, "at_least and at_most")


@dataclass(frozen=True)
class Photo(_Uploads):
    """Pictures. `at_least` above zero makes the field required."""

    kind = "photo"


@dataclass(frozen=True)
class File(_Uploads):
    """Documents of the given `kinds`, told by their content, not their name."""

    kind = "file"

    kinds: tuple[str, ...] = ("pdf", "office", "image")

    def __post_init__(self) -> None:
        super().__post_init__()
        for word in self.kinds:
            _check_word(self.where, "file kind", word, FILE_KINDS)


@dataclass(frozen=True)
class PartyField(Field):
    """A person (GB 11643 id) or a firm (GB 32100 code); check digits are checked. `party` is one of `PARTY_KINDS`."""

    kind = "party"

    party: str = "person"
    id_required: bool = True
    phone_required: bool = False
    personal: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_word(self.where, "party", self.party, PARTY_KINDS)


@dataclass(frozen=True)
class Signature(Field):
    """A drawn signature kept as a picture, or a typed name with consent to `statement`."""

    kind = "signature"

    statement: str = "本人确认以上内容真实有效。"


@dataclass(frozen=True)
class Group(Field):
    """Rows of the same fields, `at_least` to `at_most` of them; `item_title` names one row. Groups do not nest."""

    kind = "group"

    fields: tuple[Field, ...] = ()
    item_title: str = ""
    at_least: int = 0
    at_most: int = 20

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_range(self.where, self.at_least, self.at_most, "at_least and at_most")
        if not self.fields:
            raise SpecError(self.where, "has no fields.", "Give fields=(Text('name', '姓名'),).")
        if any(isinstance(item, Group) for item in self.fields):
            raise SpecError(self.where, "holds a group.", "Groups do not nest: make it a form of its own.")
        check_distinct(self.where, self.fields)
