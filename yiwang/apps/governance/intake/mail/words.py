"""Bytes of mail as text: what was declared is tried, then what Chinese mail really is; HTML read as words."""

from __future__ import annotations

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from html.parser import HTMLParser

_CHINESE = frozenset({"gb2312", "gbk", "cp936", "x-gbk", "euc-cn", "gb18030", "hz-gb-2312", "gb_2312-80", "csgb2312"})
_LATIN = frozenset({"", "us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1", "windows-1252", "unknown-8bit"})
"""Declared by programs that do not know better: what is good UTF-8 is that."""
_SILENT = frozenset({"script", "style", "head", "title", "template"})
_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "li", "table", "ul", "ol", "h1", "h2", "h3", "h4", "blockquote", "pre", "section", "hr"}
)


def decoded(content: bytes, charset: str | None = None) -> str:
    """The text, cleaned; signs nobody can read are replaced, never a reason to lose the mail."""
    declared = (charset or "").strip().strip("\"'").lower()
    order: tuple[str, ...]
    if declared == "hz-gb-2312":
        order = ("hz", "gb18030")
    elif declared in _CHINESE:
        order = ("gb18030", "utf-8")
    elif declared in _LATIN:
        order = ("utf-8", "gb18030")
    else:
        order = (declared, "utf-8", "gb18030")
    for name in order:
        try:
            return cleaned(content.decode(name))
        except (UnicodeError, LookupError, ValueError):
            continue
    return cleaned(content.decode("utf-8", "replace"))


def cleaned(text: str) -> str:
    """No control signs but line ends and tabs, no halves of signs: what the form engine takes."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\ufeff", "")
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs", "Co"))


def header(message: Message, name: str) -> str:
    """A header as one line of text; '' without it."""
    value = message.get(name)
    if value is None:
        return ""
    return line(value)


def line(value: object) -> str:
    """Encoded words of a header as text."""
    try:
        parts = decode_header(value)  # type: ignore[arg-type]
    except (HeaderParseError, ValueError, TypeError):
        return " ".join(cleaned(str(value)).split())
    words = (cleaned(part) if isinstance(part, str) else decoded(part, charset) for part, charset in parts)
    return " ".join("".join(words).split())


class _Words(HTMLParser):
    """Gathers what a person would read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(re.sub(r"\s+", " ", data))

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Marks of word processors end at the next `>`, as in browsers; the library fails on those it does not know."""
        return self.rawdata.find(">", i) + 1 or -1


def from_html(text: str) -> str:
    """HTML as plain lines.

    >>> from_html("<style>p{}</style><p>路灯&nbsp;不亮</p><div>三天了</div>")
    '路灯 不亮\\n三天了'
    """
    reader = _Words()
    reader.feed(text)
    reader.close()
    return tidy("".join(reader.found).replace("\xa0", " "))


def tidy(text: str) -> str:
    """Lines without spaces around them and without empty ones."""
    return "\n".join(part for part in map(str.strip, text.split("\n")) if part)
