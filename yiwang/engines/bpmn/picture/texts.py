"""Titles broken into lines that fit."""

from __future__ import annotations

import re

from yiwang.engines.bpmn.layout.sizes import width_of

_PIECES = re.compile(r"[A-Za-z0-9_.,-]+|\S|\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def cleaned(text: str) -> str:
    """The text on one line, without characters that no document may hold."""
    return " ".join(_CONTROL.sub("", text).split())


def lines_of(text: str, width: int, most: int) -> list[str]:
    """At most `most` lines no wider than `width` pixels; what is left out ends in an ellipsis."""
    lines = [""]
    for piece in _PIECES.findall(cleaned(text)):
        for part in [piece] if width_of(piece) <= width else list(piece):
            if lines[-1] and width_of(lines[-1] + part) > width:
                lines.append("")
            lines[-1] = (lines[-1] + part).lstrip()
    lines = [line.strip() for line in lines if line.strip()]
    if len(lines) > most:
        last = lines[most - 1]
        while last and width_of(last + "…") > width:
            last = last[:-1]
        lines = [*lines[: most - 1], last + "…"]
    return lines
