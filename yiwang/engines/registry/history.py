"""What the journal says of a record: who changed what, when, why. Values of passwords and numbers never stand there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from yiwang.engines.directory.api import Actor, path_of
from yiwang.engines.registry.titles import role_title
from yiwang.engines.trust.api import history
from yiwang.ui.components.records import Moment, Timeline

MOST = 30
TITLES = {
    "organisation.created": "新增机构", "organisation.renamed": "更名", "organisation.closed": "停用",
    "organisation.opened": "恢复使用", "account.created": "开户", "account.renamed": "更改姓名",
    "account.closed": "停用账号", "account.opened": "恢复账号", "account.password_reset": "重置密码",
    "posting.opened": "任命", "posting.deputised": "安排代理", "posting.ended": "结束任职",
    "posting.withdrawn": "撤回任命",
    "division.added": "设立", "division.renamed": "更名", "division.retired": "撤销",
    "division.boundaries_imported": "导入界线", "divisions.loaded": "载入区划", "party.recorded": "登记",
    "party.revealed": "查看完整号码",
}  # fmt: skip
_TONES = {"party.revealed": "warning", "account.password_reset": "warning"}


def changes(actor: Actor, stream: str, verb: str) -> Timeline | None:
    """The latest changes in the divisions where the actor holds `verb`, newest first; None when there are none."""
    entries = [one for one in history(actor, stream, verb=verb) if one.kind in TITLES][-MOST:]
    moments = [
        Moment(
            title=_title(one.kind, facts := json.loads(one.payload)), at=one.at, who=one.actor_name,
            on_behalf_of=one.on_behalf_of or "", why=str(facts.get("reason") or facts.get("source") or ""),
            tone=_TONES.get(one.kind, "neutral"),
        )
        for one in reversed(entries)
    ]  # fmt: skip
    return Timeline(moments=moments) if moments else None


def _title(kind: str, facts: Mapping[str, Any]) -> str:
    """The act and, in a few words, on what."""
    words = gettext(TITLES[kind])
    if "before" in facts:
        return f"{words}：{facts['before']} → {facts['after']}"
    if "role" in facts:
        until = gettext("，至{day}前").format(day=facts["to_on"]) if facts.get("to_on") else ""
        return f"{words}：{role_title(str(facts['role']))}{until}"
    if kind == "party.revealed":
        return words + gettext("（证件号码）" if facts.get("field") == "id_number" else "（电话）")
    if facts.get("successor"):
        return f"{words}：{gettext('由{name}承接').format(name=path_of(str(facts['successor'])))}"
    return words
