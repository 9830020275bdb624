"""Reading books, editions and rows for people. Everybody on staff may; drafts are seen by who may write or publish."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Count, F, Func, Q, QuerySet, Value
from django.utils.translation import gettext

from yiwang.engines.directory.api import Actor, read_limit, today
from yiwang.engines.rulebooks.books import all_books, known_book
from yiwang.engines.rulebooks.models import DRAFT, PUBLISHED, Edition, Rule
from yiwang.engines.rulebooks.rights import may_edit, may_publish, require_staff
from yiwang.engines.rulebooks.spec import Book
from yiwang.engines.rulebooks.values import key_of
from yiwang.kernel.errors import InvalidInput, NotFound

PAGE = 50
MOST_DIGITS = 16


@dataclass(frozen=True, slots=True)
class BookState:
    """A book and where it stands: `current` is in force today, `coming` begins next, `draft` is being written.

    The editions have `rule_count`.
    """

    key: str
    book: Book
    current: Any = None
    coming: Any = None
    draft: Any = None
    may_edit: bool = False
    may_publish: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page of an edition, and the key of the next, 0 when there is none."""

    edition: Any
    rows: Sequence[Rule]
    after: int


@dataclass(frozen=True, slots=True)
class Change:
    """A row that two editions do not share. `kind`: added, removed, changed; `columns` are the keys that differ."""

    kind: str
    key: tuple[str, ...]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    before_no: int = 0
    after_no: int = 0
    columns: tuple[str, ...] = ()


def _visible(actor: Actor, book: str) -> QuerySet[Edition]:
    """The editions of a book this actor may see, with `rule_count`."""
    require_staff(actor)
    found = Edition.objects.filter(book=book).annotate(rule_count=Count("rules"))
    return found if may_edit(actor, book) or may_publish(actor) else found.exclude(status=DRAFT)


def book_states(actor: Actor) -> list[BookState]:
    """Every book in the order of titles; one statement."""
    require_staff(actor)
    open_ones: dict[str, list[Any]] = {}
    for edition in Edition.objects.filter(status__in=(DRAFT, PUBLISHED)).annotate(rule_count=Count("rules")):
        open_ones.setdefault(edition.book, []).append(edition)
    states = [_state(actor, key, book, open_ones.get(key, [])) for key, book in all_books().items()]
    return sorted(states, key=lambda state: (gettext(state.book.title), state.key))


def book_state(actor: Actor, book: str) -> BookState:
    """One book; NotFound when nobody declares it."""
    require_staff(actor)
    declared = known_book(book)
    return _state(actor, book, declared, [one for one in _visible(actor, book) if one.status in (DRAFT, PUBLISHED)])


def _state(actor: Actor, key: str, book: Book, editions: Sequence[Any]) -> BookState:
    day = today()
    published = sorted((one for one in editions if one.status == PUBLISHED), key=lambda one: one.effective_on)
    sees_draft = may_edit(actor, key) or may_publish(actor)
    return BookState(
        key,
        book,
        current=next((one for one in reversed(published) if one.effective_on <= day), None),
        coming=next((one for one in published if one.effective_on > day), None),
        draft=next((one for one in editions if one.status == DRAFT), None) if sees_draft else None,
        may_edit=may_edit(actor, key),
        may_publish=may_publish(actor),
    )


def editions(actor: Actor, book: str) -> list[Edition]:
    """All editions of a book, the newest first, each with `rule_count`."""
    known_book(book)
    return list(_visible(actor, book).order_by("-number"))


def edition(actor: Actor, edition_id: int) -> Any:
    """One edition with `rule_count`; NotFound also for a draft this actor may not see."""
    require_staff(actor)
    book = Edition.objects.filter(pk=edition_id).values_list("book", flat=True).first()
    found = _visible(actor, book).filter(pk=edition_id).first() if book else None
    if found is None or book not in all_books():
        raise NotFound(gettext("没有这一版规则，或您无权查看。"), next_step=gettext("请返回规则簿重新选择。"))
    return found


def rule(actor: Actor, edition_id: int, no: int) -> Rule:
    """One row of an edition."""
    found = Rule.objects.filter(edition_id=edition(actor, edition_id).pk, no=no).first()
    if found is None:
        raise NotFound(gettext("这一版没有第 {no} 条。").format(no=no), next_step=gettext("请返回重新选择。"))
    return found


def rules(actor: Actor, edition_id: int, *, search: str = "", after: int = 0, size: int = PAGE) -> Page:
    """Rows in the order of their line numbers; `search` looks into every cell as people see it."""
    found = edition(actor, edition_id)
    rows = Rule.objects.filter(edition_id=found.pk, no__gt=after).order_by("no")
    if search.strip():
        rows = rows.filter(_holding(known_book(found.book), search.strip()))
    listed = list(rows[: size + 1])
    return Page(found, listed[:size], listed[size - 1].no if len(listed) > size else 0)


def _holding(book: Book, text: str) -> Q:
    """Rows with a cell that holds the text, whose option has it in its title, or that is the number or limit it says.

    JSON paths, because cells are JSON: `like_regex … flag "q"` takes the text as it stands, and JSON's way of writing
    a string is a string of the path language.
    """
    paths = [f'$.** ? (@ like_regex {_quoted(text)} flag "iq")']
    if len(text) <= MOST_DIGITS and text.lstrip("-").replace(".", "", 1).isdecimal():
        paths.append(f"$.* ? (@ == {Decimal(text):f})")
    for column in book.columns:
        for key, title in column.options.items():
            if text in title or text in gettext(title):
                paths.append(f'$."{column.key}" ? (@[*] == {_quoted(key)})')
    try:
        limit = read_limit(text)
        amount = int(limit.amount) if limit.amount == int(limit.amount) else _quoted(str(limit.amount))
        paths.append(f'$.* ? (@.amount == {amount} && @.unit == "{limit.unit}")')
    except InvalidInput:
        pass
    found = Q()
    for path in paths:
        template = "jsonb_path_exists(%(expressions)s::jsonpath)"
        found |= Q(Func(F("values"), Value(path), template=template, output_field=BooleanField()))
    return found


def _quoted(text: str) -> str:
    return json.dumps("".join(sign for sign in text if sign.isprintable()), ensure_ascii=False)


def difference(actor: Actor, before_id: int, after_id: int) -> list[Change]:
    """What changed from one edition to another of the same book, by the inputs of the rows, in the order of these.

    A row with other inputs is another rule: it shows as removed and added.
    """
    before, after = edition(actor, before_id), edition(actor, after_id)
    if before.book != after.book:
        raise NotFound(gettext("只能比较同一本规则簿的两版。"), next_step=gettext("请重新选择。"))
    return list(compared(known_book(before.book), numbered_rows(before.pk), numbered_rows(after.pk)))


def numbered_rows(edition_id: int) -> list[tuple[int, Mapping[str, Any]]]:
    """Line numbers and values, for who has asked for the edition as an actor already."""
    return list(Rule.objects.filter(edition_id=edition_id).order_by("no").values_list("no", "values"))


def compared(
    book: Book, before: Sequence[tuple[int, Mapping[str, Any]]], after: Sequence[tuple[int, Mapping[str, Any]]]
) -> Iterator[Change]:
    """The same for rows at hand. Of rows alike in a draft the last one counts."""
    old = {key_of(book, values): (no, values) for no, values in before}
    new = {key_of(book, values): (no, values) for no, values in after}
    for key in sorted(old.keys() | new.keys()):
        had, has = old.get(key), new.get(key)
        if had is None and has is not None:
            yield Change("added", key, None, has[1], after_no=has[0])
        elif had is not None and has is None:
            yield Change("removed", key, had[1], None, before_no=had[0])
        elif had is not None and has is not None and had[1] != has[1]:
            columns = tuple(one.key for one in book.columns if had[1].get(one.key) != has[1].get(one.key))
            if columns:
                yield Change("changed", key, had[1], has[1], had[0], has[0], columns)
