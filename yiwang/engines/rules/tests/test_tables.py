"""Decision tables declared in Python: hit policies, indexes, faults, and the way to DMN XML and JSON and back."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.engines.feel.api import from_python
from yiwang.engines.rules.api import compile_unary_tests, load_dmn
from yiwang.engines.rules.dmn.column_index import Column
from yiwang.engines.rules.spec import (
    HIT_POLICIES,
    DecisionTable,
    Input,
    Output,
    Rule,
    decision_table_from_dmn,
    decision_table_from_json,
)
from yiwang.kernel.app import Part
from yiwang.kernel.errors import SpecError


def table(policy: str, *rules: Rule, outputs: tuple[Output, ...] = (Output("result"),)) -> DecisionTable:
    return DecisionTable(
        key="level",
        title="等级",
        inputs=(Input("n", "数量", "number"),),
        outputs=outputs,
        rules=rules,
        hit_policy=policy,
    )


OVERLAPPING = (Rule("> 10", gives="3"), Rule("> 5", gives="1"), Rule("> 0", gives="2"))


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [
        ("U", None),
        ("A", None),
        ("F", 3),
        ("R", [3, 1, 2]),
        ("C", [3, 1, 2]),
        ("C+", 6),
        ("C<", 1),
        ("C>", 3),
        ("C#", 3),
    ],
)
def test_hit_policies(policy, wanted):
    assert table(policy, *OVERLAPPING).evaluate({"n": 11}).value == wanted


@pytest.mark.parametrize(("policy", "wanted"), [("P", "严重"), ("O", ["严重", "一般"])])
def test_priorities_follow_the_allowed_values(policy, wanted):
    outputs = (Output("grade", allowed='"严重","一般"'),)
    rules = (Rule("> 0", gives='"一般"'), Rule("> 10", gives='"严重"'))
    assert table(policy, *rules, outputs=outputs).evaluate({"n": 11}).value == wanted


@pytest.mark.parametrize(
    ("policy", "wanted"), [("U", None), ("F", None), ("R", []), ("C", []), ("C+", None), ("C#", 0)]
)
def test_nothing_matches(policy, wanted):
    assert table(policy, *OVERLAPPING).evaluate({"n": 0}).value == wanted


def test_any_agrees_when_results_are_equal():
    assert table("A", Rule("> 0", gives="1"), Rule("> 5", gives="2 - 1")).evaluate({"n": 9}).value == 1


def test_several_outputs_make_a_context_and_defaults_fill_in():
    outputs = (Output("hours", type="number", default="24"), Output("by", type="string", default='"网格员"'))
    made = table("U", Rule("> 10", gives=("2", '"应急队"')), outputs=outputs)
    assert made.evaluate({"n": 11}).value == {"hours": 2, "by": "应急队"}
    assert made.evaluate({"n": 1}).value == {"hours": 24, "by": "网格员"}


def test_the_trace_names_inputs_rules_and_cells():
    made = table("U", Rule("<= 5", gives="1"), Rule("> 5", gives="n * 2", note="加倍"))
    found = made.evaluate({"n": 7})
    step, decision = found.trace
    assert (found.value, found.errors) == (14, ())
    assert (step.kind, step.name, step.inputs) == ("table", "level", (("n", 7),))
    assert [(rule.number, rule.tests, rule.outputs, rule.note) for rule in step.rules] == [
        (2, ("> 5",), ("n * 2",), "加倍")
    ]
    assert (decision.kind, decision.name, decision.value) == ("decision", "level", 14)


def test_a_wrong_input_is_null_with_reasons():
    found = table("U", *OVERLAPPING[:1]).evaluate({"n": "many"})
    assert found.value is None
    assert any("与要求的 number 不符" in error for error in found.errors)
    assert "缺少输入“n”" in table("U", *OVERLAPPING[:1]).evaluate({}).errors


def test_a_value_that_is_not_allowed_is_refused():
    made = DecisionTable(
        key="kind", title="类别", inputs=(Input("k", type="string", allowed='"a","b"'),), outputs=(Output("x"),),
        rules=(Rule("-", gives="1"),),
    )  # fmt: skip
    assert made.evaluate({"k": "a"}).value == 1
    assert made.evaluate({"k": "c"}).value is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"hit_policy": "X"}, "hit policy 'X'"),
        ({"inputs": ()}, "no inputs"),
        ({"rules": (Rule("-", "-", gives="1"),)}, "1 tests and 1 results"),
        ({"rules": (Rule("> >", gives="1"),)}, "第 1 条规则第 1 个条件，第 1 行第 3 列"),
        ({"rules": (Rule("-", gives="1 +"),)}, "第 1 条规则的输出"),
        ({"inputs": (Input("n +"),)}, "第 1 行第 4 列"),
        ({"inputs": (Input("n", type="numbr"),)}, "Did you mean 'number'"),
        ({"key": "Level"}, "lower-case"),
    ],
)
def test_a_wrong_declaration_names_the_cell(change, words):
    good = {
        "key": "level",
        "title": "等级",
        "inputs": (Input("n"),),
        "outputs": (Output("x"),),
        "rules": (Rule("-", gives="1"),),
    }
    with pytest.raises(SpecError) as caught:
        DecisionTable(**(good | change))
    assert words in str(caught.value)


def test_a_table_is_a_part():
    assert issubclass(DecisionTable, Part)


@pytest.mark.parametrize("policy", HIT_POLICIES)
def test_every_hit_policy_survives_xml_and_json(policy):
    outputs = (Output("result", type="number", allowed="3,2,1"),)
    made = table(policy, *OVERLAPPING, outputs=outputs)
    assert decision_table_from_dmn(made.to_dmn()) == made
    assert decision_table_from_json(made.to_json()) == made
    for n in (11, 6, 0):
        assert load_dmn(made.to_dmn()).evaluate("level", {"n": n}) == made.evaluate({"n": n})


TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=0x9FFF, exclude_characters='"\\'), max_size=6)
ROW = '-|null|true|not(3)|[1..3]|(1..3)|]0..2[|> 2|<= 0|1,2|? = 2|2 - 1|x|< x|"b"|not("a")|"a",true|!= 3,"a"'
CELLS = st.sampled_from(re.split(r"\|", ROW)) | st.integers(-4, 4).map(str) | TEXTS.map(lambda text: f'"{text}"')
MET = st.sampled_from([None, True, "a", "b", "", -1, 0, 1, 2, 2.5, 3, [1], {"a": 1}])


@given(st.lists(CELLS, min_size=1, max_size=8), MET)
@settings(max_examples=150, deadline=None)
def test_an_indexed_column_gives_what_its_cells_give(cells, value):
    tests = [compile_unary_tests(cell) for cell in cells]
    scope = {"x": Decimal(2)}
    plain = sum(1 << place for place, test in enumerate(tests) if test.code(from_python(value), scope) is True)
    assert Column(tests).rules(from_python(value), scope, (1 << len(cells)) - 1) == plain


@given(st.lists(st.tuples(CELLS, st.integers(-9, 9), TEXTS), min_size=1, max_size=4), st.sampled_from("UFRC"))
@settings(max_examples=40, deadline=None)
def test_tables_survive_xml_and_json(rows, policy):
    made = DecisionTable(
        key="round_trip", title="往返", hit_policy=policy,
        inputs=(Input("n", "数量"), Input("k", allowed='-')), outputs=(Output("result", default="0"),),
        rules=tuple(Rule(cell, "-", gives=str(number), note=" ".join(note.split())) for cell, number, note in rows),
    )  # fmt: skip
    assert decision_table_from_dmn(made.to_dmn()) == made
    assert decision_table_from_json(made.to_json()) == made
    again = load_dmn(made.to_dmn())
    assert again.evaluate("round_trip", {"n": 2, "k": 1, "x": 1}) == made.evaluate({"n": 2, "k": 1, "x": 1})
