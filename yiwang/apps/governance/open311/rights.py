"""Who may keep keys and bring in lists of services."""

from __future__ import annotations

from yiwang.apps.governance.open311.verbs import EDIT_SERVICES, KEEP_KEYS
from yiwang.engines.directory.api import Actor, district_code
from yiwang.kernel.errors import NotAllowed


def may_keep_keys(actor: Actor) -> bool:
    """Whether the actor makes and withdraws keys."""
    return actor.may(KEEP_KEYS, district_code())


def may_edit_services(actor: Actor) -> bool:
    """Whether the actor brings in lists of services."""
    return actor.may(EDIT_SERVICES, district_code())


def require(is_allowed: bool) -> None:
    """NotAllowed with whom to turn to."""
    if not is_allowed:
        raise NotAllowed(next_step="开放接口由区的接口管理员维护，请联系数据部门。")
