"""Names of roles as people read them."""

from __future__ import annotations

from django.utils.translation import gettext

from yiwang.engines.directory.api import role_named


def role_title(key: str) -> str:
    """The role's Chinese name; its key when nobody declares it any more."""
    role = role_named(key)
    return gettext(role.title) if role else key
