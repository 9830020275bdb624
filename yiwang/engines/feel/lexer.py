"""FEEL text to tokens. Every pattern is linear in the text; the text's length is bounded before anything else."""

from __future__ import annotations

import re
from typing import NamedTuple

from yiwang.engines.feel.errors import FeelSyntaxError, error_at
from yiwang.engines.feel.limits import TEXT_LIMIT

KEYWORDS = frozenset(
    {"and", "between", "else", "every", "external", "false", "for", "function", "if", "in", "instance", "null"}
    | {"of", "or", "return", "satisfies", "some", "then", "true"}
)
_NAME_START = (
    r"?A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3003-\u3007\u3021-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFE\uFF21-\uFF3A\uFF41-\uFF5A\uFF66-\uFFDC"
    "\U00010000-\U000effff"
)
_NAME = rf"[{_NAME_START}][{_NAME_START}0-9\u00B7\u0300-\u036F\u203F-\u2040]*"
_TOKEN = re.compile(
    r"(?P<space>\s+|//[^\n]*|/\*.*?\*/|\ufeff)"
    r"|(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)"
    rf"|(?P<name>{_NAME})"
    r'|(?P<string>@?"(?:[^"\\]|\\.)*")'
    r"|(?P<symbol>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{},.:;@])"
    r"|(?P<other>.)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_PLAIN_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_WIDE = dict(zip("，（）：；＜＞＝＋－＊／［］｛｝．！“”＂‘’、。", ',():;<>=+-*/[]{}.!"""\'\',.', strict=True))


class Token(NamedTuple):
    """`kind` is name, key, number, string, at, symbol, other or end; `value` holds a string's content."""

    kind: str
    text: str
    at: int
    end: int
    value: str = ""


def unescape(text: str) -> str:
    """The content of a string literal; unknown escapes stay as they stand, for they belong to patterns."""

    def one(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code is None:
            return _PLAIN_ESCAPES.get(match[3], match[0])
        number = int(code, 16)
        return chr(number) if number < 0x110000 else "\ufffd"

    if "\\" not in text:
        return text
    return _ESCAPE.sub(one, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def check_length(text: str) -> None:
    """Refuse a text beyond the limit before a single character is read."""
    if len(text) > TEXT_LIMIT:
        raise FeelSyntaxError(
            f"表达式过长：共 {len(text)} 个字符，上限为 {TEXT_LIMIT} 个。", hint="请拆分为多个决策或改用决策表。"
        )


def tokens_of(text: str) -> list[Token]:
    """All tokens of a text, the last of kind `end`; raises FeelSyntaxError."""
    check_length(text)
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "space":
            continue
        word = match[0]
        if kind == "name" and word in KEYWORDS:
            kind = "key"
        value = ""
        if kind == "string":
            kind, raw = ("at", word[2:-1]) if word[0] == "@" else ("string", word[1:-1])
            value = unescape(raw)
        found.append(Token(kind, word, match.start(), match.end(), value))
    found.append(Token("end", "", len(text), len(text)))
    return found


def unexpected(text: str, token: Token) -> FeelSyntaxError:
    """The error for a token that cannot stand where it stands."""
    if token.kind == "end":
        return error_at(text, token.at, "表达式没有写完。", "请补全后面的内容。")
    if token.text == '"':
        return error_at(text, token.at, "文字的引号没有闭合。", '请在文字末尾补上 "。')
    if token.text in _WIDE:
        return error_at(
            text, token.at, f"此处不能使用全角符号“{token.text}”。", f"请改用半角符号 {_WIDE[token.text]}。"
        )
    if token.text == "'":
        return error_at(text, token.at, "文字要用双引号括起来。", "请把 ' 改为 \"。")
    return error_at(text, token.at, f"此处不应出现“{token.text[:40]}”。", "请检查前后的运算符、括号和逗号。")
