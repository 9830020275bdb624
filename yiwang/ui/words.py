"""Words of the catalogue that stand on every page, looked up once for each language instead of at every request."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import get_language, gettext, override


@lru_cache(maxsize=8192)
def said(text: str, language: str) -> str:
    """`text` in that language. Ask `reader_language` once, then this for each of many words."""
    with override(language or None):
        return gettext(text)


def reader_language() -> str:
    """The language of the page being made; '' where none is active."""
    return get_language() or ""
