"""Kinds of node against tags of BPMN, and what is left out of BPMN, with the way around it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def _(text: str) -> str:
    """Marks a text for the English catalogue; checks and simulations need no Django."""
    return text


TAGS: Mapping[str, str] = MappingProxyType(
    {
        "start": "startEvent", "end": "endEvent", "user_task": "userTask", "service_task": "serviceTask",
        "rule_task": "businessRuleTask", "send_task": "sendTask", "receive_task": "receiveTask",
        "exclusive": "exclusiveGateway", "inclusive": "inclusiveGateway", "parallel": "parallelGateway",
        "event_gateway": "eventBasedGateway", "catch": "intermediateCatchEvent", "throw": "intermediateThrowEvent",
        "boundary": "boundaryEvent", "sub_process": "subProcess", "call_activity": "callActivity",
    }
)  # fmt: skip
KINDS: Mapping[str, str] = MappingProxyType(
    {tag: kind for kind, tag in TAGS.items()} | {"task": "user_task", "manualTask": "user_task"}
)
"""A task without a type, and a manual one, are tasks of a person."""
KIND_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "start": _("开始"), "end": _("结束"), "user_task": _("人工任务"), "service_task": _("服务任务"),
        "rule_task": _("规则任务"), "send_task": _("发送任务"), "receive_task": _("接收任务"),
        "exclusive": _("排他网关"), "inclusive": _("包容网关"), "parallel": _("并行网关"),
        "event_gateway": _("事件网关"), "catch": _("等待事件"), "throw": _("发出事件"), "boundary": _("边界事件"),
        "sub_process": _("子流程"), "call_activity": _("调用活动"),
    }
)  # fmt: skip
EVENTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "start": frozenset({"message"}),
        "end": frozenset({"terminate", "error", "message", "signal", "escalation"}),
        "catch": frozenset({"timer", "message", "signal"}),
        "throw": frozenset({"message", "signal", "escalation"}),
        "boundary": frozenset({"timer", "message", "signal", "error", "escalation"}),
    }
)
"""Which events each kind of node may carry."""
EVENT_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "timer": _("定时"), "message": _("消息"), "signal": _("信号"), "error": _("错误"), "escalation": _("升级"),
        "terminate": _("终止"), "compensate": _("补偿"), "cancel": _("取消"), "conditional": _("条件"),
        "link": _("链接"),
    }
)  # fmt: skip
WITH_DEFAULT = frozenset({"exclusive", "inclusive"})
EVENT_END = "EventDefinition"

REFUSED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "transaction": ("不支持事务子流程。", "请改用普通子流程，用错误边界事件处理失败。"),
        "adHocSubProcess": ("不支持特设（ad hoc）子流程。", "请画出步骤的先后，或改用并行网关。"),
        "complexGateway": ("不支持复杂网关。", "请改用包容网关或排他网关，并写明条件。"),
        "scriptTask": ("不支持脚本任务。", "请改用规则任务（FEEL 或决策表），或由服务任务调用处理程序。"),
        "standardLoopCharacteristics": ("不支持标准循环。", "请用排他网关画出循环，或改用多实例。"),
        "compensateEventDefinition": ("不支持补偿。", "请画出撤销的步骤，用边界事件或网关引向它。"),
        "cancelEventDefinition": ("不支持取消事件。", "请改用错误事件。"),
        "conditionalEventDefinition": ("不支持条件事件。", "请改用消息或信号事件，或在网关上写条件。"),
        "linkEventDefinition": ("不支持链接事件。", "请用连线直接相连。"),
        "timeCycle": ("不支持周期定时。", "请改用单次定时，需要重复时用网关画出循环。"),
        "callChoreography": ("不支持编排。", "请改用流程。"),
        "choreographyTask": ("不支持编排。", "请改用流程。"),
        "subChoreography": ("不支持编排。", "请改用流程。"),
        "implicitThrowEvent": ("不支持隐式事件。", "请改用抛出事件。"),
    }
)
"""Elements that are not carried, what to say, and what to draw instead."""
REFUSED_FLAGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "isForCompensation": REFUSED["compensateEventDefinition"],
        "triggeredByEvent": ("不支持事件子流程。", "请改用附着在活动上的边界事件。"),
        "parallelMultiple": ("不支持同时等待多个事件。", "请改用并行网关，分支上各放一个等待事件。"),
    }
)
"""Attributes that refuse their element when they are true."""
