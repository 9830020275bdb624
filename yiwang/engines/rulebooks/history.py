"""What was done with a book, from its stream of the journal, for who writes or publishes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from yiwang.engines.directory.api import SYSTEM, Actor
from yiwang.engines.rulebooks.rights import may_edit, may_publish
from yiwang.engines.rulebooks.spec import Book
from yiwang.engines.rulebooks.values import key_of, named_key
from yiwang.engines.trust.api import history
from yiwang.ui.components.records import Moment, Timeline

MOST = 30
TITLES = {
    "rulebook.drafted": "起草", "rulebook.imported": "整本写入草稿", "rulebook.row_set": "写一条",
    "rulebook.row_removed": "删一条", "rulebook.published": "发布", "rulebook.withdrawn": "撤回",
    "rulebook.discarded": "作废草稿",
}  # fmt: skip
_TONES = {"rulebook.published": "success", "rulebook.withdrawn": "danger", "rulebook.discarded": "warning"}


def changes(actor: Actor, book: Book, key: str) -> Timeline | None:
    """The latest entries, newest first; None for others and when there are none."""
    if not (may_edit(actor, key) or may_publish(actor)):
        return None
    entries = [one for one in history(SYSTEM, f"rulebook:{key}") if one.kind in TITLES][-MOST:]
    moments = [
        Moment(
            title=_title(book, one.kind, facts := json.loads(one.payload)), at=one.at, who=gettext(one.actor_name),
            on_behalf_of=one.on_behalf_of or "", why=str(facts.get("reason") or facts.get("basis") or ""),
            tone=_TONES.get(one.kind, "neutral"),
        )
        for one in reversed(entries)
    ]  # fmt: skip
    return Timeline(moments=moments) if moments else None


def _title(book: Book, kind: str, facts: Mapping[str, Any]) -> str:
    words = gettext("{act}（第 {number} 版）").format(act=gettext(TITLES[kind]), number=facts["edition"])
    if facts.get("effective_on"):
        return gettext("{words}，{day}起").format(words=words, day=facts["effective_on"])
    values = facts.get("after") or facts.get("before")
    if values:
        return f"{words}：{named_key(book, key_of(book, values))}"
    if facts.get("count") is not None:
        return gettext("{words}，{count} 条").format(words=words, count=facts["count"])
    return words
