"""The books of this process, by qualified key."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from yiwang.engines.rulebooks.spec import Book
from yiwang.kernel import app as kernel_app
from yiwang.kernel.errors import NotFound, SpecError, did_you_mean


def all_books() -> Mapping[str, Book]:
    """Every declared book by its qualified key."""
    return _books_of(kernel_app.registry)


def book_named(key: str) -> Book:
    """The book an app declares; SpecError with the nearest name otherwise."""
    found = all_books().get(key)
    if found is None:
        raise SpecError(f"Book '{key}'", "is declared by no app.", did_you_mean(key, all_books()))
    return found


def known_book(key: str) -> Book:
    """The book somebody asked for in an address; NotFound otherwise."""
    found = all_books().get(key)
    if found is None:
        raise NotFound("没有这本规则簿。", next_step="请从规则簿清单中选择。")
    return found


def covering(key: str) -> tuple[str, ...]:
    """Keys of the books that promise a row for every row of this one."""
    return tuple(name for name, book in all_books().items() if book.covers == key)


@lru_cache(maxsize=8)
def _books_of(registry: kernel_app.Registry) -> Mapping[str, Book]:
    return registry.parts(Book)
