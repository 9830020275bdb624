"""Regular expressions of FEEL (XPath's dialect) on the `regex` module, whose matching can be timed out."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import regex

from yiwang.engines.feel.limits import current, null

_SECONDS = 0.2
_PATTERN_LIMIT = 2_000
_FLAGS = {"i": regex.IGNORECASE, "s": regex.DOTALL, "m": regex.MULTILINE}


def translate(pattern: str, is_spaced: bool, is_multiline: bool, is_dotall: bool) -> str:
    """XPath's dialect in the words of `regex`: class subtraction, `$` only at the very end, blanks left out."""
    out, depth, index = [], 0, 0
    while index < len(pattern):
        char = pattern[index]
        if char == "\\":
            piece, index = _escape(pattern, index, is_spaced, depth)
            out.append(piece)
            continue
        if char == "[":
            out.append("--[" if depth and out and out[-1] == "-" else "[")
            if depth and len(out) > 1 and out[-2] == "-":
                del out[-2]
            depth += 1
        elif char == "]":
            depth = max(0, depth - 1)
            out.append(char)
        elif char == "$" and not depth and not is_multiline:
            out.append(r"\Z")
        elif not (char.isspace() and is_spaced and not depth):
            out.append("[^\n\r]" if char == "." and not depth and not is_dotall else _plain(char, depth))
        index += 1
    return "".join(out)


def _plain(char: str, depth: int) -> str:
    return rf"\{char}" if depth and char in "&|~" else char


def _escape(pattern: str, index: int, is_spaced: bool, depth: int) -> tuple[str, int]:
    """One escape and where it ends."""
    after = index + 1
    while is_spaced and after < len(pattern) and pattern[after].isspace():
        after += 1
    char = pattern[after : after + 1]
    if depth and char.isdigit():
        raise regex.error("digit escape in a class")
    if char in ("p", "P") and pattern[after + 1 : after + 2] == "{":
        end = pattern.find("}", after)
        name = pattern[after + 2 : end]
        name = "".join(name.split()) if is_spaced else name
        # XPath's Is… are the blocks that `regex` calls In….
        name = f"In{name[2:]}" if name.startswith("Is") else name
        return rf"\{char}{{{name}}}", end + 1 if end > 0 else len(pattern)
    return f"\\{char}", after + 1


@lru_cache(maxsize=512)
def compiled(pattern: str, flags: str) -> Any:
    """The compiled pattern; raises regex.error."""
    if len(pattern) > _PATTERN_LIMIT or set(flags) - set("ismxq"):
        raise regex.error("unknown flag or pattern too long")
    options = regex.VERSION1
    for flag in flags:
        options |= _FLAGS.get(flag, 0)
    if "q" in flags:
        return regex.compile(regex.escape(pattern), options)
    name = r"\p{ "
    if name in pattern and "x" not in flags:
        raise regex.error("blank in a property name")
    return regex.compile(translate(pattern, "x" in flags, "m" in flags, "s" in flags), options)


def attempt(work: Callable[[Any], Any], pattern: str, flags: str | None) -> Any:
    """`work(compiled pattern)`; null when the pattern cannot be read or takes too long."""
    current.run.look()
    try:
        return work(compiled(pattern, flags or ""))
    except (regex.error, RecursionError, OverflowError, ValueError, IndexError):
        return null(f"正则表达式“{pattern[:60]}”或标志“{(flags or '')[:10]}”无法识别")
    except TimeoutError:
        return null(f"正则表达式“{pattern[:60]}”匹配时间过长")


def is_match(text: str, pattern: str, flags: str | None) -> Any:
    return attempt(lambda found: found.search(text, timeout=_SECONDS) is not None, pattern, flags)


def replaced(text: str, pattern: str, replacement: str, flags: str | None) -> Any:
    """Every match replaced; `$1` is a group, `$0` the whole match, `\\$` a dollar sign."""
    if "q" in (flags or ""):
        return attempt(lambda found: found.sub(lambda match: replacement, text, timeout=_SECONDS), pattern, flags)
    pieces = regex.split(r"(\\[\\$]|\$\d)", replacement)

    def fill(match: Any) -> str:
        return "".join(_piece(match, piece) for piece in pieces)

    return attempt(lambda found: found.sub(fill, text, timeout=_SECONDS), pattern, flags)


def _piece(match: Any, piece: str) -> str:
    if piece[:1] == "$" and piece[1:].isdigit():
        return match[int(piece[1:])] or "" if int(piece[1:]) <= match.re.groups else ""
    return piece[1:] if piece in ("\\$", "\\\\") else piece


def split(text: str, pattern: str) -> Any:
    return attempt(lambda found: _split(text, found), pattern, "")


def _split(text: str, found: Any) -> list[str]:
    parts, start = [], 0
    for match in found.finditer(text, timeout=_SECONDS):
        if match.end() > match.start():
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]
