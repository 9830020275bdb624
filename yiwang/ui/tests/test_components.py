"""Components: what they refuse at once, that they escape, and what they tell screen readers."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from yiwang.kernel import clock
from yiwang.kernel.errors import SpecError
from yiwang.ui.components.base import TONES, component_names, escaped
from yiwang.ui.components.feedback import Confirm, ErrorSummary, Notice
from yiwang.ui.components.fields import Check, Choice, Field
from yiwang.ui.components.figures import Chart, Point, Series
from yiwang.ui.components.moments import ClockPill, span
from yiwang.ui.components.records import Column, Facts, Moment, Row, Table, Timeline
from yiwang.ui.components.simple import Button, Initial, Progress, Stat, Tag
from yiwang.ui.style_page import fields, sections

EVIL = '"><script>alert(1)</script>'


def test_the_style_page_shows_every_component() -> None:
    shown = {type(sample) for _, _, samples in sections() for sample in samples} | {type(one) for one in fields()}
    from yiwang.ui.components import base

    missing = {name for name in component_names() if base._kinds[name] not in shown}
    assert not missing


@pytest.mark.parametrize(
    "part",
    [
        Button(text=EVIL, href=EVIL, name=EVIL), Tag(text=EVIL), Initial(name=EVIL), Progress(title=EVIL, rate=0.5),
        Stat(title=EVIL, value=EVIL, unit=EVIL, change=EVIL, href=EVIL), Notice(text=EVIL, title=EVIL, next_step=EVIL),
        ErrorSummary(errors=[(EVIL, EVIL)], title=EVIL), Facts(pairs=[(EVIL, EVIL)]),
        Confirm(key="x", title=EVIL, action=EVIL, text=EVIL, reason="required", reasons=(EVIL,), values={EVIL: EVIL}),
        Table(title=EVIL, columns=[Column(title=EVIL), Column(title=EVIL)], rows=[Row(key=EVIL, href=EVIL, cells=[EVIL, EVIL])], bulk_action=EVIL),
        Timeline(moments=[Moment(title=EVIL, at=clock.now(), who=EVIL, on_behalf_of=EVIL, why=EVIL, body=EVIL)]),
        Field(name="x", label=EVIL, value=EVIL, hint=EVIL, error=EVIL), Check(name="x", label=EVIL, hint=EVIL),
        Choice(name="x", label=EVIL, options=[(EVIL, EVIL)], hint=EVIL, error=EVIL),
        Chart(title=EVIL, kind="bar", categories=[EVIL], series=[Series(name=EVIL, values=[1])], source=EVIL, unit=EVIL),
    ],
    ids=lambda part: type(part).__name__,
)  # fmt: skip
def test_what_people_typed_stays_text(part: Any) -> None:
    assert "<script" not in str(part)


def test_markup_made_here_stays_markup() -> None:
    assert "<b>1</b>" in str(Facts(pairs=[("数", mark_safe("<b>1</b>"))]))
    assert "<dd>—</dd>" in str(Facts(pairs=[("无", "")])) and "<dd>0</dd>" in str(Facts(pairs=[("零", 0)]))


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    markup = str(Field(name="phone", label="手机", hint="11 位", error="请填写手机"))
    control = re.search(r"<input[^>]*>", markup)[0]
    assert 'aria-describedby="phone-hint phone-error"' in control and 'aria-invalid="true"' in control
    assert '<label class="field-label" for="phone">' in markup
    assert 'id="phone-hint"' in markup and 'id="phone-error"' in markup
    plain = str(Field(name="phone", label="手机", is_optional=True))
    assert "aria-invalid" not in plain and "aria-describedby" not in plain and "（选填）" in plain


def test_a_password_field_never_shows_its_value() -> None:
    assert "secret" not in str(Field(name="p", label="密码", type="password", value="secret"))


def test_a_choice_keeps_what_was_chosen() -> None:
    markup = str(Choice(name="k", label="类", options=[("a", "甲"), ("b", "乙")], value="b"))
    assert '<option value="b" selected>乙</option>' in markup and markup.count("selected") == 1


@pytest.mark.parametrize(
    ("make", "tells"),
    [
        (lambda: Tag(text="x", tone="sucess"), "Did you mean 'success'?"),
        (lambda: Chart(title="x", kind="bars", categories=[], series=[]), "Did you mean 'bar'?"),
        (lambda: Chart(title="x", kind="bar", categories=["a"], series=[Series(name="s", values=[])]), "has 0 values for 1"),
        (lambda: Chart(title="x", kind="pie", categories=[], series=[]), "a pie has one series"),
        (lambda: Point(longitude=23.0, latitude=113.0, title="x"), "Give longitude first"),
        (lambda: Table(title="x", columns=[Column(title="a")], rows=[Row(key="1", cells=[])]), "row '1': has 0 cells for 1"),
        (lambda: Template("{% load ui %}{% ui 'buton' text='x' %}").render(Context()), "Did you mean 'button'?"),
        (lambda: Template("{% load ui %}{% ui 'button' txt='x' %}").render(Context()), "Did you mean 'text'?"),
        (lambda: Template("{% load ui %}{% ui 7 %}").render(Context({"request": None})), "got int"),
        (lambda: Template("{% load ui %}{% frame as f %}").render(Context()), "Render the page with"),
    ],
)
def test_a_wrong_component_stops_at_once_and_says_what_was_meant(make: Any, tells: str) -> None:
    with pytest.raises(SpecError) as told:
        make()
    assert tells in " ".join(str(told.value).split())


def test_colour_never_speaks_alone() -> None:
    for tone in TONES:
        assert ">待受理</span>" in str(Tag(text="待受理", tone=tone))
    now = clock.now()
    assert "已超时" in str(ClockPill(due_at=now - timedelta(hours=1)))
    assert "剩余" in str(ClockPill(due_at=now + timedelta(hours=1)))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "1分钟"), (59, "1分钟"), (60, "1分钟"), (3599, "59分钟"), (3600, "1小时"), (3660, "1小时1分钟"), (86_400, "1天"),
     (90_000, "1天1小时"), (-7_200, "2小时")],
)  # fmt: skip
def test_spans_in_at_most_two_units(seconds: float, text: str) -> None:
    with translation.override("zh-hans"):
        assert span(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "1 min"), (3660, "1 h 1 min"), (86_400, "1 d"), (90_000, "1 d 1 h"), (-7_200, "2 h")]
)
def test_spans_and_clocks_in_english(seconds: float, text: str) -> None:
    with translation.override("en"):
        assert span(seconds) == text
        assert f"{span(5)} overdue" in str(ClockPill(due_at=clock.now() - timedelta(seconds=5)))
        assert "2 h left" in str(ClockPill(due_at=clock.now() + timedelta(hours=2, seconds=5)))


def test_progress_stays_between_nothing_and_all() -> None:
    for rate, shown in ((-1.0, 0), (0.0, 0), (0.625, 62), (1.0, 100), (7.0, 100)):
        assert f'value="{shown}"' in str(Progress(title="上传", rate=rate))
    assert "value=" not in str(Progress(title="上传"))


def test_a_table_is_a_table_for_screen_readers_also_as_cards() -> None:
    table = Table(
        title="事件", columns=[Column(title="编号"), Column(title="件数", is_figures=True)],
        rows=[Row(key="7", href="/7/", cells=["SJ-7", 3]), Row(key="8", cells=["SJ-8", None], is_selectable=False)],
        bulk_action="/bulk/", bulk=[Button(text="签收")], opens_detail=True,
    )  # fmt: skip
    markup = str(table)
    assert markup.count('role="row"') == 3 and markup.count('role="rowheader"') == 2
    assert markup.count('class="row-select"') == 1 and 'aria-label="SJ-7"' in markup
    assert 'hx-get="/7/" hx-target="#detail"' in markup
    assert '<td role="cell" class="column-figures" data-title="件数">3</td>' in markup


def test_an_empty_table_says_so_instead() -> None:
    markup = str(Table(title="事件", columns=[Column(title="编号")], rows=[]))
    assert "<table" not in markup and "没有记录" in markup


def test_texts_are_escaped_and_markup_and_lazy_words_are_what_they_were() -> None:
    assert escaped("<a b=\"c\" d='e'>&") == "&lt;a b=&quot;c&quot; d=&#x27;e&#x27;&gt;&amp;"
    assert isinstance(escaped("井盖"), SafeString)
    assert escaped(SafeString("<b>")) == "<b>" and escaped(gettext_lazy("<i>")) == "&lt;i&gt;" and escaped(3) == "3"
