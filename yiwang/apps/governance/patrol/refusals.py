"""What the patrol refuses, in sentences."""

from __future__ import annotations

from typing import NoReturn

from yiwang.kernel.errors import Conflict, InvalidInput


class KeyReused(Conflict):
    """An idempotency key came again with another body, or from another person."""

    code = "KEY_REUSED"
    message = "这条记录的编号已经用于另一份内容，为免混淆没有保存。"
    next_step = "请在手机上把这条记录另存为新记录后再上传。"


class LeadStands(Conflict):
    """The cell has a lead on these days."""

    code = "CELL_HAS_LEAD"
    next_step = "一个网格只能有一名网格长，请先结束原任职，再任命新人。"


def invalid(path: str, code: str, message: str) -> NoReturn:
    """Refuse one field."""
    raise InvalidInput([{"path": path, "code": code, "message": message}], message)
