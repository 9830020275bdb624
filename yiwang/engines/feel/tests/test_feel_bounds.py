"""FEEL never raises, never hangs and says where a text is wrong."""

from __future__ import annotations

import re
from decimal import Context, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.engines.feel.api import FeelSyntaxError, Limits, compile_expression, compile_unary_tests

WRONG = [
    ("1 +", 1, 4, "没有写完"),
    ("a >\n  * 2", 2, 3, "不应出现“*”"),
    ('"abc', 1, 1, "引号没有闭合"),
    ("a ＞ 1", 1, 3, "全角符号"),
    ("f（1）", 1, 2, "全角符号"),
    ("'a'", 1, 1, "双引号"),
    ("(1 + 2", 1, 7, "缺少“)”"),
    ("if a then 1", 1, 12, "缺少“else”"),
    ("[1, 2", 1, 6, "缺少“]”"),
    ('@"2026-13-01"', 1, 1, "不是日期"),
    ("{a: 1, a: 2}", 1, 8, "出现了两次"),
    ("f(1, b: 2)", 1, 9, "参数要么全部写名称"),
    ("", 1, 1, "空的"),
    ("1 2", 1, 3, "不应出现“2”"),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), WRONG)
def test_a_fault_names_its_place(text, line, column, words):
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert words in caught.value.message_zh
    assert f"第 {line} 行第 {column} 列" in str(caught.value)


def test_an_unknown_name_is_found_with_its_column():
    expression = compile_expression("amount > 5 and knd = 1")
    with pytest.raises(FeelSyntaxError) as caught:
        expression.check_names({"amount", "kind"})
    assert caught.value.column == 16
    assert "kind" in caught.value.hint


def test_ten_megabytes_are_refused_unread():
    with pytest.raises(FeelSyntaxError, match="表达式过长"):
        compile_expression("1+" * 5_000_000 + "1")
    with pytest.raises(FeelSyntaxError, match="表达式过长"):
        compile_unary_tests("1," * 5_000_000 + "1")


@pytest.mark.parametrize(
    "text", ["(" * 5_000, "[" * 5_000, "-" * 5_000 + "1", "not(" * 3_000, "if " * 3_000, "a<" * 9_000]
)
def test_deep_texts_are_refused(text):
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)


def test_long_chains_either_work_or_are_refused():
    assert compile_expression(" or ".join(["false"] * 5_000)).value({}) is False
    try:
        assert compile_expression("+".join(["1"] * 8_000)).evaluate({}).value in (8_000, None)
    except FeelSyntaxError as error:
        assert "复杂" in error.message_zh


ENDLESS = [
    "for i in 1..1000000000 return i",
    "some x in 1..1000000000 satisfies x < 0",
    "for a in 1..1000, b in 1..1000, c in 1..1000 return 1",
    "count(for i in 1..1000000000 return 1)",
    "[1..1000000000][item > 5] = (for i in 1..1000000000 return i)",
]


@pytest.mark.parametrize("text", ENDLESS)
def test_endless_work_ends_as_null_with_a_reason(text):
    outcome = compile_expression(text).evaluate({}, limits=Limits(steps=20_000))
    assert outcome.value is None
    assert "上限" in outcome.reasons[-1]


def test_time_is_bounded_as_well_as_steps():
    outcome = compile_expression("for i in 1..1000000000 return i").evaluate(
        {}, limits=Limits(steps=10**9, seconds=0.0)
    )
    assert outcome == (None, ("计算时间超过上限 0 秒",))


def test_endless_recursion_and_growth_end():
    from yiwang.engines.feel.api import guarded

    grow = compile_expression("f(f, s + s)")
    f = guarded(lambda: compile_expression("function(f, s) f(f, s + s)").code({})).value
    assert grow.evaluate({"f": f, "s": "x" * 1000}).value is None
    loop = compile_expression("f(f)").evaluate({"f": compile_expression("function(f) f(f)").value({})})
    assert loop.value is None
    assert "函数调用层数" in loop.reasons[-1]


def test_a_hostile_pattern_is_stopped():
    outcome = compile_expression('matches("' + "a" * 60 + '!", "(a|a)*$")').evaluate({})
    assert outcome.value in (False, None)


def test_endless_input_is_null():
    nested: list[object] = [1]
    nested[0] = nested
    assert compile_expression("x").evaluate({"x": nested}).value is None


WRITTEN = (
    '1 2.5 "a" x null true @"2026-01-01" @"P1D" + - * / ** = <= in and or ( ) [ ] { } : , .. . if then else for '
    "return some satisfies function not sum count date between item ? sort number list<number> ： \\ every external"
)
PIECES = st.sampled_from([*re.split(" ", WRITTEN), "y z", "instance of", "string join"])
ATOMS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.decimals()
VALUES = st.recursive(
    ATOMS | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map(" ".join) | st.text(max_size=30), VALUES, VALUES)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_escapes(text, x, y):
    for compiler in (compile_expression, compile_unary_tests):
        try:
            compiled = compiler(text, names=("x", "y z"))
        except FeelSyntaxError as error:
            assert error.line >= 1
            assert error.column >= 1
            assert error.message_zh
        else:
            given = {"x": x, "y z": y}
            outcome = compiled.evaluate(given) if compiler is compile_expression else compiled.evaluate(x, given)
            assert not any("计算出错" in reason for reason in outcome.reasons)


DECIMALS = st.decimals(min_value=-(10**15), max_value=10**15, places=4)
EXACT = Context(prec=34)


@given(DECIMALS, DECIMALS)
@settings(max_examples=80, deadline=None)
def test_decimals_are_exact(a, b):
    context = {"a": a, "b": b}
    assert compile_expression("a + b").value(context) == EXACT.add(a, b)
    assert compile_expression("a * b").value(context) == EXACT.multiply(a, b)
    assert compile_expression("(a + b) - b = a").value(context) is True
    assert compile_expression(f"{a:f} = a").value(context) is True
    assert isinstance(compile_expression("a").value(context), Decimal)


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000 return s + s",
        "for i in 1..1000000 return upper case(s)",
        "for i in 1..1000000 return string([s, s])",
        'for i in 1..1000000 return replace(s, "x", "yy")',
        "for i in 1..1000000 return concatenate(l, l)",
        'for i in 1..1000000 return split(s, "x")',
    ],
)
def test_memory_is_bounded_with_the_steps(text):
    outcome = compile_expression(text).evaluate({"s": "x" * 20_000, "l": [1] * 5_000}, limits=Limits(20_000, 60.0))
    assert outcome.value is None
    assert "步数" in outcome.reasons[-1]
