"""非警务、非紧急分流 triage (R38): what is for 110, 119 or 120 is passed on at once; the rest gets a class suggested.

Rules, their words and the threshold of the suggestion are proposals of ours, kept in books with dates of effect.
"""

from __future__ import annotations

from yiwang.apps.governance.triage import advising
from yiwang.apps.governance.triage.judging import SERVICES, SEVERITIES
from yiwang.apps.governance.triage.rights import EDIT_TRIAGE, LEARN, REVEAL, TRANSFER
from yiwang.engines.directory.spec import Role
from yiwang.engines.processes.spec import Advisor
from yiwang.engines.rulebooks.spec import Book, Input, Output
from yiwang.kernel.app import App

CLERK = Role(key="triage_clerk", title="分流员", scope="town", also=("district",), may=(TRANSFER,))
LEADER = Role(
    key="triage_leader", title="分流班长", scope="district", may=(TRANSFER, REVEAL, EDIT_TRIAGE, LEARN), at=("data",)
)
EMERGENCIES = Book(
    key="emergencies",
    title="紧急警情识别规则",
    hint="文字里有“关键词”之一，且每组“同时出现”附近也有一个词，就算提到。词用空格隔开，* 代替最多四个字。",
    edit_verb=EDIT_TRIAGE,
    inputs=(Input("rule", "规则名称", is_required=True),),
    outputs=(
        Output("target", "移交", kind="choice", options=dict(SERVICES), is_required=True),
        Output(
            "severity", "严重程度", kind="choice", options=dict(SEVERITIES), is_required=True,
            hint="“先问清楚”只提醒问什么，不移交。",
        ),
        Output("words", "关键词", is_required=True),
        Output("together", "同时出现", hint="几组用 | 隔开，每组至少一个词在附近。"),
        Output("masks", "另有所指的说法", hint="如 打架子鼓、消防栓。"),
        Output("unless", "同一分句里有就不算"),
        Output("within", "附近是多少个字", kind="whole"),
        Output("reason", "理由", is_required=True, hint="告诉来电人和工作人员的话。"),
    ),
)  # fmt: skip
WORDING = Book(
    key="wording",
    title="紧急警情识别用语",
    hint="所有规则共用的说法，词之间用空格隔开。",
    edit_verb=EDIT_TRIAGE,
    inputs=(
        Input(
            "kind", "用处", is_required=True,
            options={
                "masks": "另有所指", "unless": "过去、演练、假设", "done": "已经了结", "now": "正在发生",
            },
        ),
        Input("part", "分组", is_required=True),
    ),
    outputs=(Output("words", "用语", is_required=True),),
)  # fmt: skip
SETTINGS = Book(
    key="settings",
    title="类别建议设置",
    edit_verb=EDIT_TRIAGE,
    inputs=(
        Input("name", "设置", is_required=True, options={"sure_from": "把握达到多少才算有把握（0 到 1）"}),
    ),
    outputs=(Output("value", "数值", kind="number", is_required=True),),
)  # fmt: skip
JUDGE = Advisor(key="judge", title="紧急警情识别", function=advising.judge)
SUGGEST = Advisor(key="suggest", title="类别建议", function=advising.suggest)

APP = App(
    key="triage",
    title="非警务非紧急分流",
    net="governance",
    rows=("R38",),
    parts=(CLERK, LEADER, EMERGENCIES, WORDING, SETTINGS, JUDGE, SUGGEST),
)
