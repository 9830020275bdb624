"""To whom a fresh upload belongs, and who may see an attached one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from yiwang.engines.directory.api import Actor
from yiwang.engines.forms.models import Attachment

Guard = Callable[[Actor, str], bool]
_guards: dict[str, Guard] = {}


def register_guard(kind: str, guard: Guard) -> None:
    """Let `guard(actor, subject)` say who may see attachments of subjects of this kind, such as "case"."""
    _guards[kind] = guard


def owner_of(actor: Actor, session_key: str | None = "") -> str:
    """The owner mark of what this actor uploads now: the account, else the browser session; '' without either."""
    if actor.user_id is not None:
        return f"user:{actor.user_id}"
    if actor.is_system:
        return "system"
    return f"session:{hashlib.sha256(session_key.encode()).hexdigest()[:48]}" if session_key else ""


def may_see(attachment: Attachment, actor: Actor, owner: str) -> bool:
    """Whether this actor may look at the attachment. Without a guard for its subject nobody may."""
    if actor.is_system:
        return True
    if not attachment.subject_kind:
        return bool(owner) and attachment.owner == owner
    guard = _guards.get(attachment.subject_kind)
    return guard is not None and guard(actor, attachment.subject)
