"""Decision models from DMN XML: requirements, knowledge, services, types, boxed expressions, imports, hostile files."""

from __future__ import annotations

import json
from argparse import ArgumentParser

import pytest

from yiwang.engines.rules.api import DmnError, dump_dmn, load_dmn
from yiwang.engines.rules.command import register

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">'


def model(body: str, *imports: bytes):
    return load_dmn(f"{HEAD}{body}</definitions>".encode(), imports)


def decision(name: str, logic: str, *needs: str, kind: str = "") -> str:
    needed = "".join(f'<informationRequirement><{need}"/></informationRequirement>' for need in needs)
    typed = f' typeRef="{kind}"' if kind else ""
    return f'<decision id="{name}" name="{name}"><variable name="{name}"{typed}/>{needed}{logic}</decision>'


def text(feel: str) -> str:
    return f"<literalExpression><text>{feel}</text></literalExpression>"


FEE = model(
    f"""
    <inputData id="i" name="户籍 年限"><variable name="户籍 年限" typeRef="number"/></inputData>
    <businessKnowledgeModel id="k" name="double"><variable name="double"/><encapsulatedLogic>
      <formalParameter name="x" typeRef="number"/>{text("x * 2")}
    </encapsulatedLogic></businessKnowledgeModel>
    <decision id="d2" name="分值"><variable name="分值" typeRef="number"/>
      <informationRequirement><requiredInput href="#i"/></informationRequirement>
      <knowledgeRequirement><requiredKnowledge href='#k'/></knowledgeRequirement>
      {text("double(户籍 年限) + 1")}
    </decision>
    {decision("结论", text('if 分值 > 10 then "通过" else "复核"'), 'requiredDecision href="#d2')}
    <decisionService id="s" name="评分服务"><variable name="评分服务"/>
      <outputDecision href="#结论"/><inputDecision href="#d2"/>
    </decisionService>"""
)


def test_decisions_follow_their_requirements_and_are_traced():
    found = FEE.evaluate("结论", {"户籍 年限": 6})
    assert found.value == "通过"
    assert [(step.name, step.value) for step in found.trace] == [("分值", 13), ("结论", "通过")]
    assert FEE.inputs_of("结论") == ["户籍 年限"]
    assert FEE.problems == []


def test_a_service_takes_its_input_decisions_from_the_caller():
    assert FEE.evaluate("评分服务", {"分值": 3}).value == "复核"


def test_a_knowledge_model_is_called_by_name():
    assert FEE.evaluate("double", {"x": 4}).value == 8


def test_unknown_decisions_are_refused_with_the_nearest_name():
    with pytest.raises(DmnError, match="您是不是要找 '结论'"):
        FEE.evaluate("结论1", {})


def test_xml_goes_out_as_it_came_in():
    once = dump_dmn(FEE)
    again = load_dmn(once)
    assert dump_dmn(again) == once
    assert again.evaluate("结论", {"户籍 年限": 6}) == FEE.evaluate("结论", {"户籍 年限": 6})


def entry(logic: str, name: str = "") -> str:
    variable = f'<variable name="{name}"/>' if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def parts(tag: str, attributes: str = "", **inside: str) -> str:
    """A boxed expression whose parts each hold one text."""
    body = "".join(f"<{name.rstrip('_')}>{text(feel)}</{name.rstrip('_')}>" for name, feel in inside.items())
    return f"<{tag}{attributes}>{body}</{tag}>"


X = ' iteratorVariable="x"'
ROW = f"<row>{text('1')}{text('2')}</row>"
CALLED = f'<functionDefinition><formalParameter name="p"/>{text("p + 1")}</functionDefinition>'
BOXED = {
    "context": (f"<context>{entry(text('2'), 'a b')}{entry(text('a b + 1'), 'c')}</context>", {"a b": 2, "c": 3}),
    "result": (f"<context>{entry(text('2'), 'a')}{entry(text('a * 5'))}</context>", 10),
    "list": (f"<list>{text('1')}{text('2 + 3')}</list>", [1, 5]),
    "relation": (f'<relation><column name="k"/><column name="v"/>{ROW}</relation>', [{"k": 1, "v": 2}]),
    "conditional": (parts("conditional", if_="1 = 1", then="1", else_="2"), 1),
    "filter": (parts("filter", in_="[1,2,3]", match="item &gt; 1"), [2, 3]),
    "for": (parts("for", X, in_="[1..3]", return_="x * x"), [1, 4, 9]),
    "some": (parts("some", X, in_="[1,2]", satisfies="x = 2"), True),
    "every": (parts("every", X, in_="[1,2]", satisfies="x = 2"), False),
    "function": (f'<invocation>{CALLED}<binding><parameter name="p"/>{text("4")}</binding></invocation>', 5),
    "external": ('<functionDefinition kind="Java"><context/></functionDefinition>', None),
}


@pytest.mark.parametrize(("logic", "wanted"), BOXED.values(), ids=list(BOXED))
def test_boxed_expressions(logic, wanted):
    assert model(decision("d", logic)).evaluate("d", {}).value == wanted


TYPES = """
<itemDefinition name="tKind"><typeRef>string</typeRef>
  <allowedValues><text>"井盖","路灯"</text></allowedValues></itemDefinition>
<itemDefinition name="tList" isCollection="true"><typeRef>tKind</typeRef></itemDefinition>
<itemDefinition name="tTree">
  <itemComponent name="v"><typeRef>number</typeRef></itemComponent>
  <itemComponent name="next"><typeRef>tTree</typeRef></itemComponent>
</itemDefinition>"""


@pytest.mark.parametrize(
    ("kind", "feel", "wanted"),
    [
        ("tKind", '"井盖"', "井盖"),
        ("tKind", '"树"', None),
        ("tKind", '["路灯"]', "路灯"),
        ("tList", '"井盖"', ["井盖"]),
        ("tList", '["井盖", "树"]', None),
        ("tTree", "{v: 1, next: {v: 2, next: null}}", {"v": 1, "next": {"v": 2, "next": None}}),
        ("tTree", '{v: 1, next: {v: "2", next: null}}', None),
        ("number", '"1"', None),
    ],
)
def test_types_hold(kind, feel, wanted):
    assert model(TYPES + decision("d", text(feel), kind=kind)).evaluate("d", {}).value == wanted


def test_imports_appear_under_their_name():
    library = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="lib" namespace="urn:lib">'
        + decision("rate", text("0.5")) + "</definitions>"
    ).encode()  # fmt: skip
    body = '<import name="lib" namespace="urn:lib" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    body += decision("d", text("lib.rate * 4"), 'requiredDecision href="urn:lib#rate')
    assert model(body, library).evaluate("d", {}).value == 2
    assert model(body).problems


def test_a_fault_in_one_decision_leaves_the_others():
    made = model(decision("bad", text("1 +")) + decision("good", text("1")))
    assert made.evaluate("good", {}).value == 1
    assert made.evaluate("bad", {}).value is None
    assert "第 1 行第 4 列" in made.problems[0]


def test_circles_end():
    made = model(
        decision("a", text("b"), 'requiredDecision href="#b') + decision("b", text("a"), 'requiredDecision href="#a')
    )
    found = made.evaluate("a", {})
    assert found.value is None
    assert any("循环引用" in error for error in found.errors)


ENTITY = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (b"", "XML"),
        (b"<a", "XML"),
        (b"<a/>", "不是 DMN"),
        (ENTITY + b"<definitions>&x;</definitions>", "DOCTYPE"),
        (b" " * 8_000_001, "过大"),
        (f'{HEAD}<decision id="a" name="a"/><decision id="a" name="b"/></definitions>'.encode(), "两次"),
    ],
)
def test_hostile_files_are_refused(xml, words):
    with pytest.raises(DmnError) as caught:
        load_dmn(xml)
    assert words in caught.value.message_zh


def run(tmp_path, *arguments: str) -> int:
    (tmp_path / "m.dmn").write_bytes(dump_dmn(FEE))
    parser = ArgumentParser()
    register(parser.add_subparsers())
    parsed = parser.parse_args(["rules", "evaluate", str(tmp_path / "m.dmn"), *arguments])
    return parsed.run(parsed)


def test_the_command_prints_result_and_trace(tmp_path, capsys):
    assert run(tmp_path, "--decision", "结论", "--input", '{"户籍 年限": 6.5}') == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["value"] == "通过"
    assert printed["trace"][0] == {"kind": "decision", "name": "分值", "value": 14}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--decision", "结论书"), "您是不是要找 '结论'"),
        (("--decision", "结论", "--input", '{"a":}'), "第 1 行第 6 列"),
        (("--decision", "结论", "--input", "[]"), "JSON 对象"),
        (("--decision", "结论"), "缺少输入：户籍 年限"),
        (("--decision", "结论", "--input", "@nowhere.json"), "文件不存在"),
    ],
)
def test_the_command_says_what_is_wrong(tmp_path, capsys, arguments, words):
    assert run(tmp_path, *arguments) == 2
    assert words in capsys.readouterr().err
