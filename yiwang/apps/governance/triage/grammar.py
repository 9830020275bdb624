"""Sentences to learn from, made by a grammar: what people say of each class, in many orders, places and moods.

The words are ours (`data/phrases.csv`, `data/sentence_parts.csv`); of a class the district added itself they are the
title, colloquial names and conditions in its catalogue. The same seed gives the same sentences.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

DATA = Path(__file__).resolve().parent / "data"
A_CLASS = 100
"""Sentences made of one class."""
_SLOTS = ("place", "opening", "time", "consequence", "plea", "joiner", "order")
SLIPS = 0.15
"""Share of sentences with a slip of the finger: a sign lost, doubled or exchanged with the next."""
_SPLIT = re.compile(r"[，、或；\s]+")


@dataclass(frozen=True)
class Wording:
    """How people name a class: what it is about, what is wrong with it, how many times as often as a rare class."""

    code: str
    things: tuple[str, ...]
    faults: tuple[str, ...]
    often: int = 1


@cache
def phrases() -> Mapping[str, Wording]:
    """The wordings that ship, by class code."""
    with (DATA / "phrases.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["class_code"]: Wording(
            row["class_code"], tuple(row["things"].split()), tuple(row["faults"].split()), int(row["often"])
        )
        for row in rows
    }


@cache
def _parts() -> Mapping[str, tuple[str, ...]]:
    with (DATA / "sentence_parts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        slot: tuple(row["text"] for row in rows if row["slot"] == slot)
        for slot in dict.fromkeys(row["slot"] for row in rows)
    }


def words_of(slot: str) -> tuple[str, ...]:
    """The texts that may fill a slot of a sentence, such as `place`."""
    return _parts()[slot]


def of_catalogue(code: str, title: str, words: str, conditions: Sequence[str]) -> Wording:
    """The wording of a class the district added itself, from its rows in the catalogue."""
    faults = tuple(piece for text in conditions for piece in _SPLIT.split(text) if piece)
    return Wording(code, (title, *words.split()), faults or ("",))


def sentences(wording: Wording, count: int = A_CLASS, seed: int = 1) -> Iterator[str]:
    """What a class is about, word by word, and so many sentences, more where it is met often.

    Each part is dealt from a shuffled deck, so that no place or courtesy is met more often with one class than with
    another: the model would take it for a sign of that class.
    """
    chance = Random(f"{seed}/{wording.code}")
    decks = {slot: _dealt(_parts()[slot], chance) for slot in _SLOTS}
    decks |= {"thing": _dealt(wording.things, chance), "fault": _dealt(wording.faults, chance)}
    yield from dict.fromkeys(wording.things)
    for _ in range(count * wording.often):
        parts = {slot: next(deck) for slot, deck in decks.items()}
        twice = {f"{slot}_again": chance.choice(getattr(wording, f"{slot}s")) for slot in ("thing", "fault")}
        text = parts["order"].format(**parts, **twice)
        yield _slipped(text, chance) if chance.random() < SLIPS else text


def _dealt(texts: Sequence[str], chance: Random) -> Iterator[str]:
    """The texts in shuffled order, again and again."""
    deck = list(texts)
    while True:
        chance.shuffle(deck)
        yield from deck


def _slipped(text: str, chance: Random) -> str:
    at = chance.randrange(len(text))
    kind = chance.choice(("lost", "doubled", "exchanged"))
    if kind == "lost":
        return text[:at] + text[at + 1 :]
    if kind == "doubled":
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :]
