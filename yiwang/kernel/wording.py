"""Sentences about something that has a title, in languages that write titles with a capital."""

from __future__ import annotations


def about(sentence: str, title: str, **values: object) -> str:
    """The sentence filled in. `{title}` keeps its capital only where it begins the sentence: Enter phone number."""
    inner = title if sentence.startswith("{title}") else _lowered(title)
    return sentence.format(title=inner, **values)


def _lowered(title: str) -> str:
    """A small first letter, unless the first word is an abbreviation (ID number) or has no case at all."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def joined(*sentences: str) -> str:
    """Sentences one after the other: a blank after those that end in a Latin sign, none after Chinese ones."""
    text = ""
    for sentence in filter(None, sentences):
        text += f" {sentence}" if text and text[-1].isascii() and not text[-1].isspace() else sentence
    return text
