"""Articles written, reviewed, withdrawn, and counted when an answer is given from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import F, Func, TextField, Value

from yiwang.apps.governance.direct_line.models import Article, ArticleUse, ArticleVersion
from yiwang.apps.governance.direct_line.posts import ARTICLES
from yiwang.apps.governance.direct_line.words import pairs_of
from yiwang.engines.directory.api import Actor, district_code, today
from yiwang.engines.trust import api as trust
from yiwang.kernel.clock import now
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound

CONTENT = ("question", "answer", "basis", "unit", "tags", "is_public", "valid_until")
"""What a version holds."""


def _require(actor: Actor) -> None:
    if not actor.may(ARTICLES, district_code()):
        raise NotAllowed


def write_article(actor: Actor, content: Mapping[str, Any], *, number: UUID | None = None, seen: int = 0) -> Article:
    """Keep an article (`CONTENT`) as a new version, reviewed today. `seen` is the version the writer looked at."""
    _require(actor)
    with transaction.atomic():
        article = Article(reviewed_on=today(), changed_at=now()) if number is None else _held(number)
        if number is not None and seen and seen != article.number:
            raise Conflict(
                "您打开页面后，他人修改了这篇文章。", next_step="请对照“各版内容”核对您填写的内容，再点“保存”。"
            )
        for name in CONTENT:
            setattr(article, name, content[name])
        article.number += number is not None
        _keep(actor, [article], "article.written")
    return article


def seed_articles(actor: Actor, contents: Iterable[Mapping[str, Any]]) -> int:
    """Write the first articles; the number. For a knowledge base that has none."""
    _require(actor)
    with transaction.atomic():
        articles = [Article(reviewed_on=today(), changed_at=now(), **content) for content in contents]
        _keep(actor, articles, "article.written")
    return len(articles)


def _held(number: UUID) -> Article:
    article = Article.objects.select_for_update().filter(pk=number).first()
    if article is None:
        raise NotFound
    return article


def _keep(actor: Actor, articles: list[Article], kind: str) -> None:
    """Store articles with words to be found by, their version and their entry in the journal."""
    at, day = now(), today()
    for article in articles:
        article.changed_at, article.reviewed_on = at, day
        article.save()
        head = f"{article.question} {' '.join(article.tags)}"
        whole = f"{head} {article.answer} {article.basis}"
        Article.objects.filter(pk=article.pk).update(head=_vector(head), words=_vector(whole))
    ArticleVersion.objects.bulk_create(
        ArticleVersion(article=one, number=one.number, content=_content(one), by=actor.name, at=at) for one in articles
    )
    entries = [
        trust.entry(kind, {"article": str(one.pk), "version": one.number, **_content(one)}, actor=actor, at=at,
                    division=district_code())
        for one in articles
    ]  # fmt: skip
    trust.append_entries("direct_line.knowledge", entries)


def _vector(text: str) -> Func:
    pairs = Value(pairs_of(text), output_field=ArrayField(TextField()))
    return Func(pairs, function="array_to_tsvector")


def _content(article: Article) -> dict[str, Any]:
    found = {name: getattr(article, name) for name in CONTENT}
    return {**found, "valid_until": _day(article.valid_until)}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def review(actor: Actor, number: UUID) -> None:
    """Looked at again, and still right."""
    _require(actor)
    with transaction.atomic():
        article = _held(number)
        article.reviewed_on = today()
        article.save(update_fields=["reviewed_on"])
        _tell(actor, "article.reviewed", article)


def withdraw(actor: Actor, number: UUID) -> None:
    """No longer shown or found; its versions stay."""
    _require(actor)
    with transaction.atomic():
        article = _held(number)
        article.is_withdrawn = True
        article.save(update_fields=["is_withdrawn"])
        _tell(actor, "article.withdrawn", article)


def _tell(actor: Actor, kind: str, article: Article) -> None:
    payload = {"article": str(article.pk), "version": article.number}
    trust.append("direct_line.knowledge", kind, payload, actor=actor, division=district_code())


def count_use(case_id: UUID, articles: Iterable[UUID]) -> None:
    """An answer was given from these articles; each counts once for a case. Part of the answer's own transaction."""
    known = set(Article.objects.filter(pk__in=list(articles)).values_list("pk", flat=True))
    counted = set(ArticleUse.objects.filter(case_id=case_id, article_id__in=known).values_list("article_id", flat=True))
    fresh = known - counted
    ArticleUse.objects.bulk_create(ArticleUse(article_id=one, case_id=case_id, at=now()) for one in fresh)
    Article.objects.filter(pk__in=fresh).update(used=F("used") + 1)
