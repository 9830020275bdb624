"""What is wrong with a FEEL text, and where."""

from __future__ import annotations

from yiwang.kernel.errors import YiwangError


class FeelSyntaxError(YiwangError):
    """A FEEL text cannot be read.

    `line` and `column` count from 1; `message_zh` says the one cause, `hint` (Chinese, may be empty) what to do.
    """

    code = "FEEL_SYNTAX"

    def __init__(self, message_zh: str, *, line: int = 1, column: int = 1, hint: str = "") -> None:
        self.message_zh, self.line, self.column, self.hint = message_zh, line, column, hint
        super().__init__(f"第 {line} 行第 {column} 列：{message_zh}{hint}")


def error_at(text: str, at: int, message: str, hint: str = "") -> FeelSyntaxError:
    """The error for a place given as an index into the text."""
    before = text[:at]
    line = before.count("\n") + 1
    return FeelSyntaxError(message, line=line, column=at - (before.rfind("\n") + 1) + 1, hint=hint)
