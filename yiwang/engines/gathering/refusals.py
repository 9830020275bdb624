"""What a clerk hears when cases cannot be gathered."""

from __future__ import annotations

from yiwang.kernel.errors import Conflict, NotFound


class NumberUnknown(NotFound):
    """A number of no case, or of one that is not for these eyes: nobody hears which."""

    message, next_step = "没有找到这个编号的办件，或您无权查看。", "请核对编号后重新填写。"


class NotGathered(Conflict):
    """The cases do not stand as they must."""

    code = "GATHERING_REFUSED"
    message, next_step = "这两件不能并案。", "请刷新页面，查看两件的最新状态。"
