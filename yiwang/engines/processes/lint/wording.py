"""Lint of what nodes say: FEEL, roles, forms, limits, names of messages, handlers and called types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from yiwang.engines.processes.lint.plan import Plan, Row, suggestion
from yiwang.engines.rules.api import FeelSyntaxError, compile_expression

TEXTS = ("organisation", "assignee", "at", "case_within")
LIMITS = ("within", "after")
MAPS = ("sets", "payload", "inputs", "outputs")
MANY_TEXTS = ("each", "until", "result")


def check_wording(plan: Plan) -> None:
    """Every FEEL text compiles, every name is known, every task has what it needs."""
    for where, text in _texts(plan):
        _feel(plan, where, text)
    for watcher in plan.bundle.get("watchers", ()):
        _name(plan, "流程的关注岗位", "岗位", watcher, plan.known.roles)
    _answer(plan)
    _merging(plan)
    for node in plan.nodes.values():
        check = CHECKS.get(node["kind"])
        if check is not None:
            check(plan, node)


def _answer(plan: Plan) -> None:
    forms = plan.bundle.get("forms", {}).values()
    known = frozenset(key for form in forms for key in form["properties"])
    for key in plan.bundle.get("answer", ()):
        _name(plan, "流程的答复 answer", "字段", key, known)
    for key in plan.bundle.get("return_reasons", ()):
        _name(plan, "流程的退回理由 return_reasons", "字段", key, known)


def _merging(plan: Plan) -> None:
    """The types named exist and are others; what is taken over goes to fields of this type."""
    own = f"{plan.bundle['app']}.{plan.bundle['key']}"
    fields = frozenset(key for form in plan.bundle.get("forms", {}).values() for key in form["properties"])
    for name, taken in _merged_into(plan).items():
        where = f"流程的并案去向 merging.into “{name}”"
        _name(plan, where, "事项类型", name, plan.known.types)
        if name == own:
            plan.error(where, "同一类型本来就可以并案。", "请删除这一项。")
        for key in taken:
            _name(plan, where, "字段", key, fields)


def _merged_into(plan: Plan) -> Mapping[str, Mapping[str, str]]:
    into: Mapping[str, Mapping[str, str]] = (plan.bundle.get("merging") or {}).get("into", {})
    return into


def _texts(plan: Plan) -> Iterator[tuple[str, str]]:
    for name in ("subject", "category"):
        if plan.bundle.get(name):
            yield f"流程的 {name}", plan.bundle[name]
    for name, taken in _merged_into(plan).items():
        yield from ((f"并入“{name}”后的 {key}", text) for key, text in taken.items())
    for flow in plan.bundle["flows"]:
        if flow.get("when") is not None:
            yield f"连线 {flow['key']} 的条件", flow["when"]
    for node in plan.nodes.values():
        yield from ((f"{plan.place(node)}的 {name}", node[name]) for name in TEXTS if node.get(name))
        yield from ((f"{plan.place(node)}的 {name}", node[name]) for name in LIMITS if isinstance(node.get(name), str))
        yield from ((f"{plan.place(node)}的 demands", text) for text in node.get("demands", {}))
        for name in MAPS:
            yield from ((f"{plan.place(node)}的 {name}.{key}", text) for key, text in node.get(name, {}).items())
        many = node.get("many") or {}
        yield from ((f"{plan.place(node)}的 {name}", many[name]) for name in MANY_TEXTS if many.get(name))


def _feel(plan: Plan, where: str, text: str) -> None:
    try:
        compile_expression(text)
    except FeelSyntaxError as error:
        plan.error(where, f"FEEL 第 {error.line} 行第 {error.column} 列：{error.message_zh}", error.hint)


def _name(plan: Plan, where: str | Row, kind: str, name: str, known: frozenset[str] | None) -> None:
    if known is not None and name not in known:
        plan.error(where, f"没有{kind}“{name}”。", suggestion(name, known))


def _user_task(plan: Plan, node: Row) -> None:
    if not node.get("by"):
        plan.error(node, "没有指定办理岗位。", "请选择由哪个岗位办理。")
    else:
        _name(plan, node, "岗位", node["by"], plan.known.roles)
    if not node.get("form"):
        plan.error(node, "没有表单。", "请选择办理时填写的表单。")
    if not node.get("within"):
        plan.error(node, "没有办理时限。", "请填写时限，例如 2 个工作日。")
    if node.get("ruling"):
        _name(plan, node, "裁定环节", node["ruling"], frozenset(plan.nodes))
    if "evidence" in node:
        _name(plan, node, "环节", node["evidence"].get("since", ""), frozenset(plan.nodes))
    _form(plan, node)


def _form(plan: Plan, node: Row) -> None:
    name = node.get("form")
    if not name:
        return
    forms = plan.bundle.get("forms", {})
    if name not in forms:
        plan.error(node, f"没有表单“{name}”。", suggestion(name, list(forms)))
        return
    fields = list(forms[name]["properties"])
    for key in node.get("rights", {}):
        if key != "*" and key not in fields:
            plan.error(node, f"字段权限提到表单“{name}”里没有的字段“{key}”。", suggestion(key, fields))


def _service_task(plan: Plan, node: Row) -> None:
    _name(plan, node, "处理程序", node.get("call", ""), plan.known.handlers)


def _call_activity(plan: Plan, node: Row) -> None:
    _name(plan, node, "事项类型", node.get("calls", ""), plan.known.types)


def _rule_task(plan: Plan, node: Row) -> None:
    table, tables = node.get("table"), plan.bundle.get("tables", {})
    if table and table not in tables:
        plan.error(node, f"没有决策表“{table}”。", suggestion(table, list(tables)))
    if node.get("asks"):
        _name(plan, node, "研判", node["asks"], plan.known.advisors)
    elif not table and not node.get("sets"):
        plan.error(node, "规则任务既没有决策表、研判，也没有赋值。", "请选择决策表，或填写要计算的变量。")


def _event(plan: Plan, node: Row) -> None:
    on = node.get("on") or "message"
    if on == "timer":
        if not node.get("after") and not node.get("at"):
            plan.error(node, "定时事件没有时间。", "请填写 after（时长）或 at（FEEL 时刻）。")
    elif not (node.get("name") or node.get("message")) and on != "error":
        plan.error(node, "事件没有名称。", "请填写消息、信号或升级的名称。")
    if node["kind"] == "boundary" and on == "error" and node.get("interrupting") is False:
        plan.error(node, "错误事件总是中断所附着的活动。", "请改为中断事件，或改用升级事件。")


def _gateway(plan: Plan, node: Row) -> None:
    flows = plan.outgoing[node["key"]]
    defaults = [flow for flow in flows if flow.get("default")]
    if len(defaults) > 1 or any("when" in flow for flow in defaults):
        plan.error(node, "默认去向多于一个，或带有条件。", "请只保留一条不带条件的默认去向。")
    if len(flows) > 1 and not defaults:
        plan.error(node, "没有默认去向，所有条件都不成立时流程会停在这里。", "请指定一条默认去向。")
    open_ways = [flow for flow in flows if "when" not in flow and not flow.get("default")]
    if len(flows) > 1 and open_ways and node["kind"] == "exclusive":
        plan.error(node, f"去向 {open_ways[0]['target']} 没有条件。", "请写上条件，或把它设为默认去向。")


def _parallel(plan: Plan, node: Row) -> None:
    if any("when" in flow for flow in plan.outgoing[node["key"]]):
        plan.error(node, "并行网关的去向不能带条件。", "请删除条件，或改用包容网关。")


def _event_gateway(plan: Plan, node: Row) -> None:
    flows = plan.outgoing[node["key"]]
    if len(flows) < 2:
        plan.error(node, "事件网关少于两个事件。", "请至少连接两个事件。")
    for flow in flows:
        target = plan.nodes[flow["target"]]
        if target["kind"] not in ("catch", "receive_task"):
            plan.error(node, f"其后的“{target['key']}”不是等待事件。", "请在事件网关之后只放捕获事件或接收任务。")
        elif len(plan.incoming[target["key"]]) > 1:
            plan.error(target, "事件网关之后的事件不能有其他来路。", "请删除其他连线。")


CHECKS: Mapping[str, Callable[[Plan, Row], None]] = MappingProxyType(
    {
        "start": _form, "user_task": _user_task, "service_task": _service_task, "call_activity": _call_activity,
        "rule_task": _rule_task, "catch": _event, "throw": _event, "boundary": _event, "receive_task": _event,
        "send_task": _event, "exclusive": _gateway, "inclusive": _gateway, "parallel": _parallel,
        "event_gateway": _event_gateway,
    }
)  # fmt: skip
