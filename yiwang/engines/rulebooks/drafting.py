"""Writing drafts: one for each book at a time, row by row or whole. Every write in one transaction with the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext

from yiwang.engines.directory.api import Actor, district_code
from yiwang.engines.rulebooks.books import book_named, known_book
from yiwang.engines.rulebooks.checking import MOST_ROWS, numbered, read_rows
from yiwang.engines.rulebooks.hashing import mark_of
from yiwang.engines.rulebooks.models import DRAFT, PUBLISHED, Edition, Rule
from yiwang.engines.rulebooks.rights import require_edit
from yiwang.engines.rulebooks.values import Values, read_row
from yiwang.engines.trust import api as trust
from yiwang.kernel.clock import now
from yiwang.kernel.errors import Conflict, InvalidInput, NotFound, TooLarge
from yiwang.kernel.wording import joined


def journal(actor: Actor, edition: Edition, kind: str, **payload: object) -> None:
    """One entry in the book's own stream."""
    facts = {"book": edition.book, "edition": edition.number, **payload}
    trust.append(f"rulebook:{edition.book}", f"rulebook.{kind}", facts, actor=actor, division=district_code())


def locked(number: int) -> Edition:
    """The edition, its row locked until the transaction ends."""
    found = Edition.objects.select_for_update().filter(pk=number).first()
    if found is None:
        raise NotFound(gettext("没有这一版规则。"), next_step=gettext("请返回规则簿重新选择。"))
    return found


def locked_draft(actor: Actor, number: int) -> Edition:
    """The draft, locked, for an actor who may write it; Conflict when it is no draft any more."""
    edition = locked(number)
    require_edit(actor, edition.book)
    if edition.status != DRAFT:
        raise Conflict(
            gettext("这一版已经发布，不能再改。"), next_step=gettext("请另起一版草稿。"), code="EDITION_FIXED"
        )
    return edition


def _draft(actor: Actor, book: str) -> tuple[Edition, bool]:
    """(the book's draft, locked; whether it is new). Two people who begin at the same moment get the same one."""
    found = Edition.objects.select_for_update().filter(book=book, status=DRAFT)
    draft = found.first()
    if draft is not None:
        return draft, False
    last = Edition.objects.filter(book=book).aggregate(last=Max("number"))["last"] or 0
    facts = {"author_id": actor.user_id, "author": actor.name, "authors": _with(actor, []), "begun_at": now()}
    try:
        with transaction.atomic():
            return Edition.objects.create(book=book, number=last + 1, **facts), True
    except IntegrityError:
        return found.get(), False


def _with(actor: Actor, authors: Sequence[int]) -> list[int]:
    found = [] if actor.user_id is None else [actor.user_id]
    return list(dict.fromkeys([*authors, *found]))


def _touch(actor: Actor, edition: Edition) -> None:
    """Remember who writes: four eyes count everybody who did."""
    authors = _with(actor, edition.authors)
    if authors != edition.authors:
        edition.authors = authors
        edition.save(update_fields=["authors"])


def fill(edition: Edition, stored: Iterable[tuple[int, Values]]) -> None:
    """Write the rows of an empty draft."""
    Rule.objects.bulk_create([Rule(edition=edition, no=no, values=row) for no, row in stored], batch_size=2000)


@transaction.atomic
def begin_draft(actor: Actor, book: str) -> Edition:
    """A draft with the rows of the latest published edition; the open draft when there is one already."""
    known_book(book)
    require_edit(actor, book)
    edition, is_new = _draft(actor, book)
    if not is_new:
        return edition
    before = Edition.objects.filter(book=book, status=PUBLISHED).order_by("-effective_on").first()
    fill(edition, before.rules.values_list("no", "values") if before else ())
    journal(actor, edition, "drafted", copied=before.number if before else None)
    return edition


@transaction.atomic
def store_draft(actor: Actor, book: str, rows: Iterable[Mapping[str, Any]], *, basis: str = "") -> Edition:
    """Make these rows the book's draft, in place of the draft it may have; InvalidInput names unreadable cells.

    Rows by key of column, values native or as people write them ("2紧急工作时", "是", titles of options). Two rows
    alike or a class without a rule are no reason to refuse a draft: `check_rows` lists them, publication refuses.
    """
    declared = book_named(book)
    require_edit(actor, book)
    stored, findings = read_rows(declared, numbered(rows))
    if findings:
        raise InvalidInput(
            {"path": f"{one.no}.{one.column}", "code": one.code, "message": joined(one.message, one.next_step)}
            for one in findings
        )
    return replace_draft(actor, book, stored, basis=basis)


@transaction.atomic
def replace_draft(
    actor: Actor, book: str, stored: Sequence[tuple[int, Values]], *, basis: str = "", source: str = ""
) -> Edition:
    """The same for rows that were read already; `source` is the name of the file they came from."""
    require_edit(actor, book)
    if len(stored) > MOST_ROWS:
        raise TooLarge(gettext("规则超过 {most} 条。").format(most=MOST_ROWS))
    edition, _ = _draft(actor, book)
    _touch(actor, edition)
    edition.basis = basis[:200] or edition.basis
    edition.save(update_fields=["basis"])
    edition.rules.all().delete()
    fill(edition, stored)
    journal(actor, edition, "imported", count=len(stored), source=source)
    return edition


@transaction.atomic
def set_row(actor: Actor, edition_id: int, no: int | None, given: Mapping[str, Any], *, seen: str = "") -> int:
    """Write one row of a draft (a new last one without `no`); returns its line number.

    InvalidInput has a fault for each cell, its path the key of the column. With `seen` (`mark_of` the row as the
    person saw it) Conflict when somebody else changed it meanwhile.
    """
    edition = locked_draft(actor, edition_id)
    values, faults = read_row(known_book(edition.book), given)
    if faults:
        raise InvalidInput(
            {"path": column, "code": fault.code, "message": joined(fault.message, fault.next_step)}
            for column, fault in faults.items()
        )
    before = None
    if no is None:
        no = (edition.rules.aggregate(last=Max("no"))["last"] or 0) + 1
        Rule.objects.create(edition=edition, no=no, values=values)
    else:
        row = _row(edition, no)
        if seen and seen != mark_of(row.values):
            raise Conflict(
                gettext("第 {no} 条刚被别人改过，您的修改没有保存。").format(no=no),
                next_step=gettext("请返回草稿，打开这一条看过后再改。"),
            )
        before, row.values = row.values, values
        row.save(update_fields=["values"])
    _touch(actor, edition)
    journal(actor, edition, "row_set", no=no, before=before, after=values)
    return no


@transaction.atomic
def remove_row(actor: Actor, edition_id: int, no: int) -> None:
    """Take a row out of a draft; the line numbers of the others stay."""
    edition = locked_draft(actor, edition_id)
    row = _row(edition, no)
    before = row.values
    row.delete()
    _touch(actor, edition)
    journal(actor, edition, "row_removed", no=no, before=before)


def _row(edition: Edition, no: int) -> Rule:
    row = edition.rules.filter(no=no).first()
    if row is None:
        raise NotFound(gettext("草稿里没有第 {no} 条。").format(no=no), next_step=gettext("请返回草稿重新选择。"))
    return row


@transaction.atomic
def discard_draft(actor: Actor, edition_id: int) -> None:
    """Throw a draft away; that it was there stays in the journal."""
    edition = locked_draft(actor, edition_id)
    journal(actor, edition, "discarded", count=edition.rules.count())
    edition.delete()
