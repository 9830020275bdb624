"""What is asked of whoever objects to an entry or asks for repair, and of those who decide."""

from __future__ import annotations

from yiwang.engines.forms.spec import Choice, File, Form, LongText, Text

GROUNDS = {
    "fact": "事实有误", "responsibility": "不属本单位责任", "force": "不可抗力",
    "rule": "适用规则有误", "other": "其他",
}  # fmt: skip
_ENTRY = Text("entry", "信用记录编号", required=True, max_length=20, pattern=r"[0-9]+")

OBJECTION_PAPER = Form(
    key="objection",
    title="信用异议",
    fields=(
        _ENTRY,
        Choice("ground", "异议理由", required=True, options=GROUNDS),
        LongText("explanation", "情况说明", required=True, max_length=500),
        File("proof", "证明材料", at_most=5),
    ),
)
REPAIR_PAPER = Form(
    key="repair",
    title="信用修复申请",
    fields=(
        _ENTRY,
        LongText("done", "整改情况", required=True, max_length=500),
        LongText("commitment", "今后怎样避免", required=True, max_length=300),
        File("proof", "整改材料", at_most=5),
    ),
)
REVIEW = Form(
    key="review",
    title="审核",
    fields=(
        Choice("agrees", "审核意见", required=True, options={"yes": "成立", "no": "不成立"}),
        LongText("opinion", "意见说明", required=True, max_length=300),
    ),
)
DECISION = Form(
    key="decision",
    title="审定",
    fields=(
        Choice("upheld", "审定结果", required=True, options={"yes": "成立", "no": "不成立"}),
        LongText("grounds", "审定依据", required=True, max_length=300),
    ),
)
