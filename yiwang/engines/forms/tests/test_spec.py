"""Declarations that are wrong say where, what, and what now."""

from __future__ import annotations

from typing import Any

import pytest

from yiwang.engines.forms.api import compile_form
from yiwang.engines.forms.spec import (
    Choice,
    Date,
    DivisionField,
    File,
    Form,
    Group,
    Money,
    Number,
    Option,
    Photo,
    Section,
    Signature,
    Text,
    check_rights,
)
from yiwang.kernel.errors import SpecError

A, B = Text("a", "甲"), Text("b", "乙")

WRONG_WORDS = {
    "declared twice": lambda: Form("x", "表", fields=(A, A)),
    "asks nothing": lambda: Form("x", "表"),
    "Did you mean 'a'": lambda: Form("x", "表", fields=(Text("a", "甲"), B), sections=(Section("一", ("aa",)),)),
    "two sections": lambda: Form("x", "表", fields=(A,), sections=(Section("一", ("a",)), Section("二", ("a",)))),
    "paged but has no sections": lambda: Form("x", "表", fields=(A,), paged=True),
    "lower-case": lambda: Text("A b", "甲"),
    "has no title": lambda: Text("a", " "),
    "FEEL reserves": lambda: Text("if", "甲"),
    "computed and required": lambda: Number("n", "数", computed="1", required=True),
    "always and 'when'": lambda: Text("a", "甲", required=True, required_when="true"),
    "invalid_message": lambda: Text("a", "甲", valid_when="true"),
    "has no options": lambda: Choice("c", "选"),
    "two options": lambda: Choice("c", "选", options=(("x", "一"), ("x", "二"))),
    "with and without parent": lambda: Choice("c", "选", parent="p", options=(("x", "一"),)),
    "3 is more than 2": lambda: Number("n", "数", minimum=3, maximum=2),
    "not a number": lambda: Money("m", "钱", maximum="很多"),
    "is no day": lambda: Date("d", "日", earliest="2026-02-30"),
    "Did you mean 'village'": lambda: DivisionField("d", "区划", level="vilage"),
    "Did you mean 'office'": lambda: File("f", "文件", kinds=("offic",)),
    "at_least and at_most": lambda: Photo("p", "照片", at_least=5, at_most=2),
    "Groups do not nest": lambda: Group("g", "组", fields=(Group("h", "组", fields=(A,)),)),
    "not a regular expression": lambda: Text("a", "甲", pattern="("),
    "Did you mean 'phone'": lambda: Text("a", "甲", content="phon"),
}


@pytest.mark.parametrize("words", WRONG_WORDS)
def test_it_refuses_a_wrong_word(words: str) -> None:
    with pytest.raises(SpecError, match=words.replace("(", r"\(")):
        WRONG_WORDS[words]()


WRONG_RULES: dict[str, tuple[Any, ...]] = {
    "column 1.*没有名为“aa”": (A, Text("b", "乙", visible_when="aa = 1")),
    "column 5.*“cc”": (A, B, Number("n", "数", computed="a + cc")),
    "visible_when 'a ='": (A, Text("b", "乙", visible_when="a =")),
    "circle": (Text("a", "甲", visible_when="b = 1"), Text("b", "乙", visible_when="a = 1")),
    "circle: n → n": (Number("n", "数", computed="n + 1"),),
    "has parent 'a'": (A, Choice("c", "选", parent="a", options=(Option("x", "一", parent="y"),))),
    "names parent option 'z'": (
        Choice("p", "上级", options={"y": "乙"}),
        Choice("c", "选", parent="p", options=(Option("x", "一", parent="z"),)),
    ),
    "cannot be computed": (Signature("s", "签名", computed="1"),),
    "表达式过长：共 10000001 个字符": (A, Text("b", "乙", visible_when="1+" * 5_000_000 + "1")),
    "a FEEL function": (Number("count", "数"), Number("n", "数", computed="count * 2")),
    "Group 'g'.*column 1": (Group("g", "组", fields=(Text("b", "乙", visible_when="zz"),)),),
}


@pytest.mark.parametrize("words", WRONG_RULES)
def test_it_refuses_a_wrong_rule_when_the_form_is_compiled(words: str) -> None:
    with pytest.raises(SpecError, match=words):
        compile_form(Form("x", "表", fields=WRONG_RULES[words]))


def test_it_checks_rights_against_the_form() -> None:
    form = Form("x", "表", fields=(A, B))
    check_rights("Step", form, {"a": "read", "*": "write"})
    with pytest.raises(SpecError, match="field 'c'"):
        check_rights("Step", form, {"c": "read"})
    with pytest.raises(SpecError, match="Did you mean 'read'"):
        check_rights("Step", form, {"a": "reed"})


def test_it_compiles_equal_forms_once() -> None:
    assert compile_form(Form("x", "表", fields=(A,))) is compile_form(Form("x", "表", fields=(A,)))
