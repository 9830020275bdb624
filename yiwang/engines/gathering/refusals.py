"""What a clerk hears when cases cannot be gathered."""

from __future__ import annotations

from yiwang.kernel.errors import Conflict


class NotGathered(Conflict):
    """The cases do not stand as they must."""

    code = "GATHERING_REFUSED"
    message, next_step = "这两件不能并案。", "请刷新页面，查看两件的最新状态。"
