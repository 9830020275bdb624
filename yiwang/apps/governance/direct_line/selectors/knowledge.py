"""The knowledge base as read: found by words, listed, with its versions, and what is due for another look."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from yiwang.apps.governance.direct_line.models import Article, ArticleVersion
from yiwang.apps.governance.direct_line.posts import ARTICLES, DESK, SEALED
from yiwang.apps.governance.direct_line.words import terms, wanted_pairs
from yiwang.engines.directory.api import Actor, today
from yiwang.kernel.errors import NotAllowed, NotFound

REVIEW_EVERY = timedelta(days=180)
"""An article not looked at for so long is stale (a proposal)."""
PAGE = 30
_FOUND = """WITH pair AS MATERIALIZED (
    SELECT given.query, 1.0 / (1 + (SELECT count(*) FROM direct_line_article AS other WHERE other.words @@ given.query))
    AS weight FROM unnest(%(queries)s::tsquery[]) AS given(query)
)
SELECT article.id, article.question, article.answer, article.basis, article.unit, article.used, article.valid_until,
(SELECT sum(pair.weight * (CASE WHEN article.head @@ pair.query THEN 3 ELSE 1 END)) FROM pair
WHERE article.words @@ pair.query)::float AS score
FROM direct_line_article AS article
WHERE article.words @@ %(query)s::tsquery AND NOT article.is_withdrawn
AND (article.is_public OR %(inside)s) AND (article.valid_until IS NULL OR article.valid_until >= %(today)s)
ORDER BY score DESC, article.used DESC, article.id LIMIT %(most)s"""
"""A pair that few articles have weighs more; one of the question or a tag three times as much."""


class Found(NamedTuple):
    """An article that answers a question; `score` only orders those of one search."""

    id: UUID
    question: str
    answer: str
    basis: str
    unit: str
    used: int
    valid_until: date | None
    score: float


def is_inside(actor: Actor) -> bool:
    """Whether the actor reads what is not for the public: whoever works at the desk or on the articles."""
    return any(actor.scopes(verb) for verb in (DESK, SEALED, ARTICLES))


def found(actor: Actor, text: str, most: int = 8) -> list[Found]:
    """The articles nearest to a question in the reader's own words, the best first; expired ones never."""
    queries = terms(wanted_pairs(text))
    if not queries:
        return []
    values: dict[str, Any] = {
        "queries": queries, "query": " | ".join(queries), "inside": is_inside(actor), "today": today(), "most": most,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, values)
        rows = [Found(*row) for row in cursor.fetchall()]
    best = rows[0].score if rows else 0
    return [row for row in rows if 3 * row.score >= best]


def often_used(actor: Actor, most: int = 8) -> list[Article]:
    """What is asked most."""
    return list(_readable(actor).order_by("-used", "id")[:most])


def _readable(actor: Actor) -> QuerySet[Article]:
    rows = Article.objects.filter(is_withdrawn=False).filter(Q(valid_until=None) | Q(valid_until__gte=today()))
    return rows if is_inside(actor) else rows.filter(is_public=True)


def listed(actor: Actor, *, stale: bool = False, after: str = "") -> tuple[list[Article], str]:
    """A page of all articles for those who keep them, the longest unreviewed first; and where the next one begins.

    `stale` leaves those not reviewed for `REVIEW_EVERY`, expired, or expiring within a month.
    """
    if not is_inside(actor):
        raise NotAllowed
    rows = Article.objects.filter(is_withdrawn=False)
    if stale:
        rows = rows.filter(_stale())
    if after:
        on, _, key = after.partition(".")
        try:
            day, last = date.fromisoformat(on), UUID(key)
        except ValueError:
            raise NotFound from None
        rows = rows.filter(Q(reviewed_on__gt=day) | Q(reviewed_on=day, pk__gt=last))
    shown = list(rows.order_by("reviewed_on", "id")[: PAGE + 1])
    last_one = shown[PAGE - 1] if len(shown) > PAGE else None
    return shown[:PAGE], f"{last_one.reviewed_on}.{last_one.pk}" if last_one else ""


def _stale() -> Q:
    return Q(reviewed_on__lt=today() - REVIEW_EVERY) | Q(valid_until__lt=today() + timedelta(days=30))


def stale_count(actor: Actor) -> int:
    """How many articles are due for another look."""
    return Article.objects.filter(is_withdrawn=False).filter(_stale()).count() if is_inside(actor) else 0


def is_stale(article: Article) -> bool:
    """The same, of one."""
    expires = article.valid_until is not None and article.valid_until < today() + timedelta(days=30)
    return expires or article.reviewed_on < today() - REVIEW_EVERY


def article(actor: Actor, number: UUID) -> Article:
    """One article the actor may read; those who keep them read the withdrawn ones too."""
    rows = Article.objects.all() if is_inside(actor) else _readable(actor)
    one = rows.filter(pk=number).first()
    if one is None:
        raise NotFound
    return one


def versions(actor: Actor, one: Article) -> list[ArticleVersion]:
    """Everything an article ever said, the newest first."""
    return list(ArticleVersion.objects.filter(article=one).order_by("-number")[:50]) if is_inside(actor) else []
