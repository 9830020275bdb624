"""Files of other modellers are read as far as they mean something here; the rest is listed, or refused with a way out."""

from __future__ import annotations

import pytest

from yiwang.engines.bpmn.api import FILE_LIMIT, BpmnError, check_file, read_bpmn, write_bpmn
from yiwang.engines.bpmn.tests.files import NO_PREFIX, WEB_MODELLER, file_of, notes_of, own


def test_a_file_of_a_web_modeller_is_read() -> None:
    reading = read_bpmn(WEB_MODELLER)
    bundle = reading.bundle
    nodes = {node["key"]: node for node in bundle["nodes"]}
    assert reading.is_foreign and (bundle["app"], bundle["key"], bundle["title"]) == ("draft", "process_0abc", "Leave")
    assert {key: node["kind"] for key, node in nodes.items()} == {
        "Begin": "start", "Ask": "user_task", "Way": "exclusive", "Wait": "catch", "Each": "user_task", "Late": "boundary", "Ended": "end",
    }  # fmt: skip
    assert nodes["Wait"] == {
        "key": "Wait",
        "kind": "catch",
        "title": "A while",
        "on": "timer",
        "at": 'duration("PT90M")',
    }
    late = {"at_node": "Ask", "interrupting": False, "on": "timer", "after": {"amount": "7", "unit": "calendar_day"}}
    assert late.items() <= nodes["Late"].items()
    assert nodes["Each"]["many"] == {"each": "for run in 1..(3) return run"}
    assert nodes["Ended"] | {"title": ""} == {
        "key": "Ended",
        "kind": "end",
        "title": "",
        "throws": "message",
        "name": "leave decided",
    }
    ways = [flow for flow in bundle["flows"] if flow["source"] == "Way"]
    assert [(way["title"], way.get("when"), way.get("default")) for way in ways] == [
        ("yes", "approved = true", None), ("long", "days > 10", None), ("no", None, True),
    ]  # fmt: skip


def test_what_other_tools_say_is_listed_once_each_with_its_line() -> None:
    notes = {note.what: note for note in notes_of(WEB_MODELLER)}
    for told in (
        "zeebe:assignmentDefinition",
        "zeebe:formDefinition",
        "camunda:assignee",
        "camunda:historyTimeToLive",
        "泳道",
        "说明",
        "注释",
    ):
        assert [what for what in notes if told in what], f"nothing said of {told}: {list(notes)}"
    (assigned,) = (note for what, note in notes.items() if "camunda:assignee" in what)
    assert assigned.line == 12 and "Ask" in assigned.element


def test_positions_of_another_tool_are_kept_and_given_back() -> None:
    diagram = read_bpmn(WEB_MODELLER).bundle["diagram"]
    assert diagram == {
        "shapes": {
            "Begin": {"x": 152.5, "y": 82, "width": 36, "height": 36, "label": {"x": 160, "y": 120, "width": 22, "height": 14}},
            "Ask": {"x": 240, "y": 60, "width": 100, "height": 80},
        },
        "edges": {"Flow_1": {"points": [[188, 100], [240, 100]]}},
    }  # fmt: skip


@pytest.mark.parametrize("xml", [WEB_MODELLER, NO_PREFIX])
def test_a_foreign_process_written_by_us_reads_the_same(xml: bytes) -> None:
    bundle = read_bpmn(xml).bundle
    assert read_bpmn(write_bpmn(bundle)).bundle == bundle


def test_names_given_at_import_overrule_the_file() -> None:
    bundle = read_bpmn(WEB_MODELLER, app="office_leave", key="leave", title="请假").bundle
    assert (bundle["app"], bundle["key"], bundle["title"]) == ("office_leave", "leave", "请假")


def test_error_codes_come_before_names() -> None:
    nodes = {node["key"]: node for node in read_bpmn(NO_PREFIX).bundle["nodes"]}
    assert nodes["bad"]["name"] == "BROKEN" and nodes["inside"]["parent"] == "box"


REFUSED = {
    "script": ('<scriptTask id="x" name="算"><script>1+1</script></scriptTask>', "第 3 行，scriptTask“算”（x）：不支持脚本任务。请改用规则任务"),
    "transaction": ('<transaction id="x"/>', "不支持事务子流程"),
    "ad hoc": ('<adHocSubProcess id="x"/>', "不支持特设（ad hoc）子流程"),
    "complex": ('<complexGateway id="x"/>', "不支持复杂网关。请改用包容网关"),
    "compensation": ('<boundaryEvent id="x" attachedToRef="y"><compensateEventDefinition/></boundaryEvent>', "boundaryEvent“x”：不支持补偿"),
    "compensating task": ('<task id="x" isForCompensation="true"/>', "task“x”：不支持补偿"),
    "event sub-process": ('<subProcess id="x" triggeredByEvent="true"/>', "不支持事件子流程。请改用附着在活动上的边界事件"),
    "standard loop": ('<task id="x"><standardLoopCharacteristics/></task>', "task“x”：不支持标准循环"),
    "cycle": ('<startEvent id="x"><timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition></startEvent>', "不支持周期定时"),
    "timer start": ('<startEvent id="x"><timerEventDefinition><timeDate>2021-01-01</timeDate></timerEventDefinition></startEvent>', "开始节点不支持定时事件"),
    "link": ('<intermediateThrowEvent id="x"><linkEventDefinition name="a"/></intermediateThrowEvent>', "不支持链接事件"),
    "conditional": ('<intermediateCatchEvent id="x"><conditionalEventDefinition/></intermediateCatchEvent>', "不支持条件事件"),
    "two events": ('<intermediateCatchEvent id="x"><messageEventDefinition/><signalEventDefinition/></intermediateCatchEvent>', "一个节点上有多个事件"),
    "months": ('<intermediateCatchEvent id="x"><timerEventDefinition><timeDuration>P1M</timeDuration></timerEventDefinition></intermediateCatchEvent>', "按年或月的定时“P1M”没有确定的长度。请改用天数"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_left_out_is_refused_with_element_line_and_next_step(name: str) -> None:
    inside, sentence = REFUSED[name]
    with pytest.raises(BpmnError) as refused:
        read_bpmn(file_of(inside))
    assert sentence in str(refused.value)
    assert "第 3 行" in str(refused.value)


def test_all_refusals_are_told_at_once() -> None:
    with pytest.raises(BpmnError) as refused:
        read_bpmn(file_of('<scriptTask id="a"/>\n<complexGateway id="b"/>'))
    assert [problem.line for problem in refused.value.problems] == [3, 4]


UNREADABLE = {
    "no XML": (b"<definitions", "不是有效的 XML"),
    "not BPMN": (b"<html/>", "不是 BPMN 2.0 流程"),
    "document type": (b'<!DOCTYPE d [<!ENTITY e "x">]><definitions/>', "DOCTYPE"),
    "too big": (b" " * (FILE_LIMIT + 1), f"上限为 {FILE_LIMIT} 字节"),
    "empty": (b"", "不是有效的 XML"),
    "no process": (file_of("").replace(b"process", b"group"), "文件里没有流程"),
    "bomb": (b"<a>" * 3000, "不是有效的 XML"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_a_sentence(name: str) -> None:
    xml, sentence = UNREADABLE[name]
    with pytest.raises(BpmnError) as refused:
        read_bpmn(xml)
    assert sentence in str(refused.value)


def test_one_of_several_processes_must_be_named() -> None:
    xml = file_of('<startEvent id="a"/>', outside='<process id="q"><startEvent id="b"/></process>')
    with pytest.raises(BpmnError, match="文件里有 2 个流程。请用 --process 指定一个：p、q。"):
        read_bpmn(xml)
    assert [node["key"] for node in read_bpmn(xml, process="q").bundle["nodes"]] == ["b"]
    with pytest.raises(BpmnError, match="没有流程“r”"):
        read_bpmn(xml, process="r")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("within", '2'), ("within", '{"amount": "-1", "unit": "working_day"}'), ("by", "7"), ("rights", '{"a": "see"}'),
        ("warn_at", "[true]"), ("sets", '["x"]'), ("tables", '{"t": {"key": "t"}}'), ("forms", '{"f": []}'), ("many", "[]"),
    ],
)  # fmt: skip
def test_our_own_words_are_checked_before_they_are_believed(name: str, value: str) -> None:
    with pytest.raises(BpmnError, match=f"userTask“x”：扩展属性“{name}”的值不正确。应为"):
        read_bpmn(own(name, value))


@pytest.mark.parametrize("value", ["working", "NaN", "[" * 100_000, "1" * 5_000, ""])
def test_values_that_are_no_json_are_refused(value: str) -> None:
    with pytest.raises(BpmnError, match="不是有效的 JSON"):
        read_bpmn(own("outcome", value))


def test_a_word_that_does_not_exist_gets_a_hint() -> None:
    (note,) = notes_of(own("withn", '"2"'))
    assert "没有“withn”这个扩展属性" in note.what and note.now == "您是不是要写“within”？"


def test_checking_a_foreign_file_says_what_is_missing_and_where() -> None:
    told = [str(finding) for finding in check_file(WEB_MODELLER)]
    assert any("Ask" in line and "第 12 行" in line and "没有指定办理岗位" in line for line in told)
    assert any("没有办理时限" in line for line in told) and any("没有表单" in line for line in told)
    assert any("zeebe:formDefinition" in line for line in told)


def test_checking_names_what_a_service_task_and_a_many_lack() -> None:
    inside = (
        '<startEvent id="s"/><serviceTask id="w"><multiInstanceLoopCharacteristics/></serviceTask><callActivity id="c"/>'
        '<endEvent id="e"/><sequenceFlow id="1" sourceRef="s" targetRef="w"/><sequenceFlow id="2" sourceRef="w" targetRef="c"/>'
        '<sequenceFlow id="3" sourceRef="c" targetRef="e"/>'
    )
    told = "\n".join(map(str, check_file(file_of(inside))))
    for sentence in ("服务任务没有名称", "没有指定处理程序", "没有说明对哪个列表逐一办理", "没有指定调用的事项类型"):
        assert sentence in told
