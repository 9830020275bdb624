"""What FEEL texts mean: values by example, one line each."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from yiwang.engines.feel.api import MonthsDuration, Range, compile_expression, compile_unary_tests
from yiwang.kernel.clock import CHINA, frozen

NAMES = ("申请人 年龄", "a-b", "total price", "kind", "list", "person")
CONTEXT = {
    "申请人 年龄": 20,
    "a-b": 7,
    "a": 5,
    "b": 3,
    "total price": Decimal("12.30"),
    "kind": "井盖缺失",
    "list": [1, 2, 3, 4],
    "person": {"first name": "阿兰", "age": 31, "tags": ["x", "y"]},
}

CASES = [
    ("1 + 2 * 3 ** 2", 19),
    ("-2 ** 2", 4),
    ("0.1 + 0.2", Decimal("0.3")),
    ("1 / 3", Decimal("0.3333333333333333333333333333333333")),
    ("10 / 0", None),
    ('"a" + "b"', "ab"),
    ("申请人 年龄 >= 18", True),
    ("a-b", 7),
    ("a - b", 2),
    ("total price * 2", Decimal("24.60")),
    ("person.first name", "阿兰"),
    ("person.age between 30 and 40", True),
    ("list[2]", 2),
    ("list[-1]", 4),
    ("list[item > 2]", [3, 4]),
    ("list[9]", None),
    ("[{p: 1}, {p: 5}][p > 2].p", [5]),
    ('if a > 3 then "大" else "小"', "大"),
    ("if null then 1 else 2", 2),
    ("for i in 1..3 return i * i", [1, 4, 9]),
    ("for i in 3..1 return i", [3, 2, 1]),
    ("for i in [1, 2], j in [10, 20] return i + j", [11, 21, 12, 22]),
    ("for i in 1..4 return if i = 1 then 1 else i * partial[-1]", [1, 2, 6, 24]),
    ("some x in list satisfies x > 3", True),
    ("every x in list satisfies x > 3", False),
    ("5 in (1..5]", True),
    ("5 in [1..5)", False),
    ("5 in (> 3, 1)", True),
    ("3 in [1, 2, 3]", True),
    ("{a: 1, b: a + 1}.b", 2),
    ('{"键 一": 1}.键 一', 1),
    ("(function(x: number, y) x + y)(1, 2)", 3),
    ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f}.r != null", True),
    ("sort(list, function(x, y) x > y)", [4, 3, 2, 1]),
    ("1 instance of number", True),
    ('[1, "a"] instance of list<number>', False),
    ('date("2026-02-28") + duration("P1D")', date(2026, 3, 1)),
    ('@"2024-01-31" + @"P1M"', date(2024, 2, 29)),
    ('@"2026-01-02" - @"2026-01-01"', timedelta(days=1)),
    ('time("08:30:00+08:00").hour', 8),
    ('date and time("2026-01-01T08:00:00+08:00") = date and time("2026-01-01T00:00:00Z")', True),
    ("date(2026, 2, 30)", None),
    ('@"2026-11-24".weekday', 2),
    ('years and months duration(@"2020-01-15", @"2026-01-14").years', 5),
    ('duration("P1Y2M")', MonthsDuration(14)),
    ('string length("南海区")', 3),
    ('substring("南海区狮山镇", 4)', "狮山镇"),
    ('substring(string: "abcdef", start position: -2)', "ef"),
    ('contains(kind, "井盖")', True),
    ('matches("440605", "^44\\d{4}$")', True),
    ('replace("2026-11", "(\\d+)-(\\d+)", "$2/$1")', "11/2026"),
    ('split("a;b;;c", ";")', ["a", "b", "", "c"]),
    ('string join(["a", null, "b"], "、")', "a、b"),
    ('number("1,234.5", ",", ".")', Decimal("1234.5")),
    ("string(1.10)", "1.10"),
    ('string([1, "a", {b: null}])', '[1, "a", {b: null}]'),
    ("decimal(2.5, 0)", 2),
    ("round half up(2.5, 0)", 3),
    ("floor(-1.5)", -2),
    ("modulo(-12, 5)", 3),
    ("mean(1, 2, 3)", 2),
    ("median([8, 2, 5, 3, 4])", 4),
    ("mode([6, 3, 9, 6, 6])", [6]),
    ("stddev([2, 4, 7, 5])", Decimal("2.081665999466132735282297706979931")),
    ("sum([])", None),
    ("min([])", None),
    ("count([1, null])", 2),
    ("append([1], 2, 3)", [1, 2, 3]),
    ("concatenate([1], [2, 3])", [1, 2, 3]),
    ("union([1, 2], [2, 3])", [1, 2, 3]),
    ('distinct values([1, 1.0, "1"])', [1, "1"]),
    ("flatten([[1, [2]], 3])", [1, 2, 3]),
    ("index of([1, 2, 1], 1)", [1, 3]),
    ("insert before([1, 3], 2, 2)", [1, 2, 3]),
    ("list replace([1, 2], function(item, new) item = 2, 9)", [1, 9]),
    ('context put({}, ["a", "b"], 1)', {"a": {"b": 1}}),
    ("get entries({a: 1})", [{"key": "a", "value": 1}]),
    ("before(1, [2..3])", True),
    ("overlaps([1..5], [5..8])", True),
    ("overlaps([1..5), [5..8])", False),
    ("during(2, [1..3])", True),
    ("(<10).end included", False),
    ('day of week(@"2026-11-24")', "Tuesday"),
    ('week of year(@"2026-01-01")', 1),
    ("unknown.path", None),
    ("1 // comment\n + /* other */ 1", 2),
    ('"\\u6c34\\n"', "水\n"),
    ("[1..3]", Range(Decimal(1), Decimal(3), True, True)),
]


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[text for text, _ in CASES])
def test_a_text_has_its_value(text, wanted):
    assert compile_expression(text, names=NAMES).value(CONTEXT) == wanted


TRUTHS = (True, False, None)
AND = {(True, True): True, (True, None): None, (None, True): None, (None, None): None}
OR = {(False, False): False, (False, None): None, (None, False): None, (None, None): None}


@pytest.mark.parametrize("left", TRUTHS)
@pytest.mark.parametrize("right", TRUTHS)
def test_logic_has_three_values(left, right):
    context = {"p": left, "q": right}
    assert compile_expression("p and q").value(context) is AND.get((left, right), False)
    assert compile_expression("p or q").value(context) is OR.get((left, right), True)
    assert compile_expression("not(p)").value(context) is (None if left is None else not left)


@pytest.mark.parametrize(
    ("text", "value", "wanted"),
    [
        ("-", None, True),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "b", False),
        ("[18..60)", 60, False),
        ("< 5, > 9", 10, True),
        ("? > 3 and ? < 5", 4, True),
        ("limit", 7, True),
        ("> limit", 7, False),
        ("count(list) > 2", "anything", True),
        ("null", None, True),
        ("5", "5", None),
        ('contains(?, "井盖")', "井盖破损", True),
    ],
)
def test_a_cell_passes_or_not(text, value, wanted):
    assert compile_unary_tests(text).evaluate(value, {"limit": 7, "list": [1, 2, 3]}).value is wanted


def test_a_null_says_why():
    outcome = compile_expression('date("2026-02-30") > 3').evaluate({})
    assert outcome.value is None
    assert outcome.reasons == ("“2026-02-30”不是日期", "不能比较 number 与 Null 的大小")


def test_free_names_are_what_the_context_must_hold():
    expression = compile_expression("sum(for x in items return x.price) > limit and f({y: 1, z: y})")
    assert expression.names == {"items", "limit", "f"}


def test_python_values_come_in_and_go_out():
    moment = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    values = {"a": moment, "b": time(8, 30), "c": 1.5, "d": (1, 2), "e": timedelta(hours=2), "f": date(2026, 1, 1)}
    assert compile_expression("[a, b, c, d, e, f]").value(values) == [
        moment, time(8, 30), Decimal("1.5"), [1, 2], timedelta(hours=2), date(2026, 1, 1),
    ]  # fmt: skip


def test_today_is_the_day_in_china():
    with frozen(datetime(2026, 11, 23, 17, 0, tzinfo=UTC)):
        assert compile_expression("today()").value({}) == date(2026, 11, 24)
        assert compile_expression("now()").value({}) == datetime(2026, 11, 24, 1, 0, tzinfo=CHINA)
