"""Merkle trees over stream heads, built as in RFC 6962 section 2.1, with SM3. Pure; memory grows with depth only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yiwang.engines.trust.digest import sm3

_LEAF, _NODE = b"\x00", b"\x01"  # different first bytes: a node can never be passed off as a leaf


@dataclass(frozen=True, slots=True)
class Sibling:
    """One step of a path to the root: the other half's hash and on which side it stands."""

    hash: bytes
    is_left: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """A finished tree: its root, how many leaves it has, and the path of the leaf that was asked for."""

    root: bytes
    count: int
    path: tuple[Sibling, ...] | None


def leaf_hash(content: bytes) -> bytes:
    return sm3(_LEAF + content)


def _join(left: bytes, right: bytes) -> bytes:
    return sm3(_NODE + left + right)


class _Builder:
    """Keeps one complete subtree per set bit of the leaf count, as a binary counter does."""

    def __init__(self) -> None:
        self.subtrees: list[tuple[int, bytes, bool]] = []  # leaves, hash, holds the wanted leaf
        self.path: list[Sibling] = []
        self.count = 0

    def add(self, leaf: bytes, is_wanted: bool) -> None:
        self.count += 1
        self.subtrees.append((1, leaf, is_wanted))
        while len(self.subtrees) > 1 and self.subtrees[-1][0] == self.subtrees[-2][0]:
            self._merge_last()

    def _merge_last(self) -> None:
        right_size, right, is_in_right = self.subtrees.pop()
        left_size, left, is_in_left = self.subtrees.pop()
        if is_in_left:
            self.path.append(Sibling(right, is_left=False))
        if is_in_right:
            self.path.append(Sibling(left, is_left=True))
        self.subtrees.append((left_size + right_size, _join(left, right), is_in_left or is_in_right))

    def tree(self) -> Tree:
        if not self.subtrees:
            return Tree(sm3(b""), 0, None)
        while len(self.subtrees) > 1:
            self._merge_last()
        _, root, is_found = self.subtrees[0]
        return Tree(root, self.count, tuple(self.path) if is_found else None)


def build(contents: Iterable[bytes], wanted: bytes | None = None) -> Tree:
    """The tree over `contents` in their order; with `wanted`, also that leaf's path (None when it is not there)."""
    builder = _Builder()
    for content in contents:
        builder.add(leaf_hash(content), content == wanted)
    return builder.tree()


def root_from(content: bytes, path: Iterable[Sibling]) -> bytes:
    """The root that `content` and its path lead to."""
    node = leaf_hash(content)
    for sibling in path:
        node = _join(sibling.hash, node) if sibling.is_left else _join(node, sibling.hash)
    return node
