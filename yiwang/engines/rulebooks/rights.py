"""Who may do what with rules: everybody on staff reads; writing and publishing are verbs an app's role grants.

Who holds them, and that nobody publishes what they wrote themselves, is a proposal: a role with `PUBLISH_OWN_RULES`
may.
"""

from __future__ import annotations

from django.utils.translation import gettext

from yiwang.engines.directory.api import Actor, district_code
from yiwang.engines.rulebooks.books import all_books
from yiwang.engines.rulebooks.models import Edition
from yiwang.kernel.errors import NotAllowed

EDIT_RULES, PUBLISH_RULES, PUBLISH_OWN_RULES = "rule.edit", "rule.publish", "rule.publish_own"


class FourEyes(NotAllowed):
    """Who wrote in a draft may not publish it."""

    code = "FOUR_EYES"
    message, next_step = "您参与编写了这一版，不能由您发布。", "请另一位有发布权限的同事核对后发布。"


def require_staff(actor: Actor) -> None:
    """NotAllowed for people without a post."""
    if not (actor.is_system or actor.grants):
        raise NotAllowed


def may_edit(actor: Actor, book: str) -> bool:
    """Whether the actor writes drafts of this book: by the verb of all books or by the book's own."""
    declared = all_books().get(book)
    verbs = [EDIT_RULES, *([declared.edit_verb] if declared and declared.edit_verb else [])]
    return any(actor.may(verb, district_code()) for verb in verbs)


def may_publish(actor: Actor) -> bool:
    """Whether the actor publishes and withdraws editions at all."""
    return actor.may(PUBLISH_RULES, district_code())


def is_kept_apart(actor: Actor, edition: Edition) -> bool:
    """Whether the rule of four eyes keeps this actor from publishing this draft."""
    wrote = actor.user_id is not None and actor.user_id in edition.authors
    return wrote and not actor.may(PUBLISH_OWN_RULES, district_code())


def require_edit(actor: Actor, book: str) -> None:
    if not may_edit(actor, book):
        raise NotAllowed(gettext("您没有编写这本规则簿的权限。"), facts={"verb": EDIT_RULES, "book": book})


def require_publish(actor: Actor) -> None:
    if not may_publish(actor):
        raise NotAllowed(gettext("您没有发布规则的权限。"), facts={"verb": PUBLISH_RULES})
