"""The door to cases: what the desk, the cockpit and apps may call."""

from __future__ import annotations

from yiwang.engines.cases.events import CaseMoved, MessageSent, Noticed
from yiwang.engines.cases.filling import form_at, form_of
from yiwang.engines.cases.rights import allowed_verbs, may_see, require_sight
from yiwang.engines.cases.services.acting import act, open_case
from yiwang.engines.cases.services.versions import publish, published, register_apps, store_draft
from yiwang.engines.cases.store.loading import Running, graph_of

__all__ = [
    "CaseMoved",
    "MessageSent",
    "Noticed",
    "Running",
    "act",
    "allowed_verbs",
    "form_at",
    "form_of",
    "graph_of",
    "may_see",
    "open_case",
    "publish",
    "published",
    "register_apps",
    "require_sight",
    "store_draft",
]
