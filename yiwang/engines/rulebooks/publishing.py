"""Publishing, withdrawing and the first edition. Publications queue behind each other: books watch over one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from yiwang.engines.directory.api import Actor, bump, system_actor, today
from yiwang.engines.rulebooks.books import book_named, known_book
from yiwang.engines.rulebooks.checking import Numbered, check, numbered, read_rows
from yiwang.engines.rulebooks.drafting import fill, journal, locked
from yiwang.engines.rulebooks.events import EditionPublished, EditionWithdrawn
from yiwang.engines.rulebooks.findings import Finding, errors_of
from yiwang.engines.rulebooks.hashing import fingerprint
from yiwang.engines.rulebooks.models import PUBLISHED, WITHDRAWN, Edition
from yiwang.engines.rulebooks.rights import FourEyes, is_kept_apart, require_publish
from yiwang.engines.rulebooks.timeline import SUBJECT, in_force
from yiwang.kernel.clock import now
from yiwang.kernel.errors import Conflict, InvalidInput, SpecError, UserError
from yiwang.kernel.events import publish

INSTALLER = system_actor("规则初设")


class NotPublishable(UserError):
    """The rows have errors; `findings` are all of them."""

    code, status = "RULES_NOT_PUBLISHABLE", 422

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(
            gettext("有 {count} 处问题，不能发布。首个：{first}").format(
                count=len(findings), first=_placed(findings[0])
            ),
            next_step=gettext("请逐条更正后再发布。"),
            facts={"findings": [dict(one.as_json()) for one in findings[:100]]},
        )


def _placed(finding: Finding) -> str:
    return gettext("第 {no} 条，").format(no=finding.no) + finding.message if finding.no else finding.message


def check_rows(
    book: str, rows: Iterable[Mapping[str, Any]] | Mapping[int, Mapping[str, Any]], on: date | None = None
) -> list[Finding]:
    """What would keep these rows from publication (weight "error") or is worth a look, as of the day they begin.

    Rows as a list (numbered from 1) or by line number; `on` is today unless given. Nothing is written.
    """
    declared = book_named(book)
    stored, findings = read_rows(declared, numbered(rows))
    return findings or check(book, declared, stored, on or today())


@transaction.atomic
def publish_edition(actor: Actor, edition_id: int, effective_on: date, *, basis: str = "") -> Edition:
    """Publish a draft that takes effect on a day, not before today unless nothing was in force till now.

    FourEyes for who wrote in it, NotPublishable with the findings, InvalidInput for a day that cannot be.
    """
    require_publish(actor)
    bump(SUBJECT)
    edition = locked(edition_id)
    if edition.status != "draft":
        raise Conflict(gettext("这一版已经发布过了。"), next_step=gettext("请返回规则簿查看。"))
    if is_kept_apart(actor, edition):
        raise FourEyes
    _check_day(edition, effective_on)
    rows: Numbered = list(edition.rules.order_by("no").values_list("no", "values"))
    declared = known_book(edition.book)
    stored, findings = read_rows(declared, rows)
    wrong = findings or errors_of(check(edition.book, declared, stored, effective_on))
    if wrong:
        raise NotPublishable(wrong)
    return _publish(actor, edition, rows, effective_on, basis)


def _check_day(edition: Edition, effective_on: date) -> None:
    others = Edition.objects.filter(book=edition.book, status=PUBLISHED)
    message = ""
    if effective_on < today() and others.exists():
        message = gettext("生效日期不能早于今天：以前的事项已按当时的规则办理。")
    same = others.filter(effective_on=effective_on).first()
    if same is not None:
        message = gettext("第 {number} 版也在这一天生效，请改日期。").format(number=same.number)
    if message:
        raise InvalidInput([{"path": "effective_on", "code": "EFFECTIVE_ON", "message": message}])


def _publish(actor: Actor, edition: Edition, rows: Numbered, effective_on: date, basis: str) -> Edition:
    edition.status, edition.effective_on = PUBLISHED, effective_on
    edition.basis = basis[:200] or edition.basis
    edition.publisher_id, edition.publisher, edition.published_at = actor.user_id, actor.name, now()
    edition.sha256 = fingerprint(edition.book, edition.number, rows)
    edition.save()
    bump(SUBJECT)
    facts = {"effective_on": effective_on, "sha256": edition.sha256, "count": len(rows), "basis": edition.basis}
    journal(actor, edition, "published", **facts)
    publish(EditionPublished(edition.book, edition.number, effective_on, actor))
    return edition


@transaction.atomic
def withdraw_edition(actor: Actor, edition_id: int, reason: str) -> Edition:
    """Take back an edition that has not come into force; one that has is replaced by a new one instead."""
    require_publish(actor)
    bump(SUBJECT)
    edition = locked(edition_id)
    begins = edition.effective_on
    if edition.status != PUBLISHED or begins is None or begins <= today():
        raise Conflict(
            gettext("只有尚未生效的版本可以撤回。"), next_step=gettext("已生效的规则请发布新一版来代替。"),
            code="EDITION_IN_FORCE",
        )  # fmt: skip
    if not reason.strip():
        raise InvalidInput([{"path": "reason", "code": "REQUIRED", "message": gettext("请填写理由。")}])
    before = in_force(edition.book, begins - timedelta(days=1))
    if before is not None:  # It will go on: what other books were promised from that day on must still hold.
        stored = [(rule.no, dict(rule.values)) for rule in before.index.rules]
        wrong = errors_of(check(edition.book, known_book(edition.book), stored, begins))
        if wrong:
            raise NotPublishable(wrong)
    Edition.objects.filter(pk=edition.pk).update(status=WITHDRAWN)
    edition.status = WITHDRAWN
    bump(SUBJECT)
    journal(actor, edition, "withdrawn", reason=reason.strip()[:200])
    publish(EditionWithdrawn(edition.book, edition.number, actor))
    return edition


@transaction.atomic
def install_edition(
    book: str, rows: Iterable[Mapping[str, Any]], effective_on: date, *, basis: str = "初设（建议值）"
) -> Edition | None:
    """The first edition of a book, for an app's `seed.py`; None, and nothing happens, when the book has one already.

    Rows as `store_draft` takes them. SpecError with the first findings when they could not be published.
    """
    declared = book_named(book)
    if Edition.objects.filter(book=book).exists():
        return None
    bump(SUBJECT)
    stored, findings = read_rows(declared, numbered(rows))
    wrong = findings or errors_of(check(book, declared, stored, effective_on))
    if wrong:
        told = "; ".join(f"row {one.no} {one.column}: {one.message}" for one in wrong[:5])
        raise SpecError(f"First edition of book '{book}'", f"has {len(wrong)} errors: {told}", "Correct these rows.")
    edition = Edition.objects.create(book=book, number=1, author=INSTALLER.name, begun_at=now())
    fill(edition, stored)
    return _publish(INSTALLER, edition, stored, effective_on, basis)
