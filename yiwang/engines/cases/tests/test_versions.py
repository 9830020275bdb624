"""Definitions on their way in: what is wrong is refused with its place and a remedy, and nothing of it is kept."""

from __future__ import annotations

import time
from copy import deepcopy
from typing import Any

import pytest

from yiwang.engines.cases.models import AppVersion
from yiwang.engines.cases.services.checking import DefinitionFaulty
from yiwang.engines.cases.services.versions import publish, published, register_apps, store_draft
from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.directory.spec import Role, working_days
from yiwang.engines.forms.spec import Form, Text
from yiwang.engines.processes.api import bundle_of
from yiwang.engines.processes.spec import CaseType, End, Exclusive, Node, RuleTask, Start, UserTask
from yiwang.engines.rules.spec import DecisionTable, Input, Output, Rule
from yiwang.engines.trust.api import history, stream_named
from yiwang.kernel.app import App, Registry
from yiwang.kernel.errors import SpecError

CLERK = Role(key="clerk", title="经办人")
FORM = Form("note", "记录", fields=(Text("text", "内容"), Text("more", "补充", visible_when='text = "x"')))
TABLE = DecisionTable(key="grade", title="分级", inputs=(Input("x"),), outputs=(Output("grade"),), rules=(Rule("> 1", gives=('"a"',)),))
TYPE = "trial.sample"

pytestmark = pytest.mark.django_db


def task(key: str, **rest: Any) -> UserTask:
    return UserTask(key, f"步骤{key}", **{"by": CLERK, "form": FORM, "within": working_days(1), **rest})


def apps(*nodes: Node) -> Registry:
    ends = () if any(isinstance(node, End) for node in nodes) else (End(),)
    sample = CaseType(key="sample", title="样例", nodes=(Start(), *nodes, *ends))
    return Registry((App(key="trial", title="试验", net="office", rows=("R37",), parts=(CLERK, sample)),))


def bundle(*nodes: Node) -> dict[str, Any]:
    registry = apps(*nodes)
    return bundle_of("trial", registry.find(CaseType, TYPE))


def refused(drawn: dict[str, Any], *nodes: Node) -> DefinitionFaulty:
    with pytest.raises(DefinitionFaulty) as caught:
        publish(SYSTEM, store_draft(SYSTEM, drawn), apps(*(nodes or (task("a"),))))
    return caught.value


FAULTY: dict[str, tuple[tuple[Node, ...], str, str]] = {
    "dead node": ((task("a", then="end"), task("dead"), End()), "（dead）", "从开始走不到这里"),
    "missing role": ((task("a", by="trial.clark"),), "（a）", "没有岗位“trial.clark”"),
    "no role": ((task("a", by=""),), "（a）", "没有指定办理岗位"),
    "FEEL error": ((task("a", assignee="x +* 2"),), "（a）的 assignee", "FEEL 第 1 行第 4 列"),
    "cycle": (
        (RuleTask("r", "算", sets={"x": "1"}), Exclusive("way", "?", when={"end": "x"}, otherwise="r"), End()),
        "（r）", "没有人工环节或等待的循环",
    ),
    "no form": ((task("a", form=None),), "（a）", "没有表单"),
    "no limit": ((task("a", within=None),), "（a）", "没有办理时限"),
    "no default": ((Exclusive("way", "?", when={"a": "x", "end": "y"}), task("a"), End()), "（way）", "没有默认去向"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTY)
def test_an_app_with_a_fault_stops_the_start_and_publishes_nothing(name: str) -> None:
    nodes, where, what = FAULTY[name]
    with pytest.raises(SpecError) as caught:
        register_apps(apps(*nodes))
    error = caught.value
    assert "trial.sample" in error.where and where in error.where
    assert what in error.what and error.now
    assert TYPE not in published()


@pytest.mark.parametrize("name", FAULTY)
def test_a_drawn_definition_with_a_fault_is_not_published(name: str) -> None:
    nodes, where, what = FAULTY[name]
    error = refused(bundle(*nodes))
    assert any(where in row["where"] and what in row["what"] and row["now"] for row in error.facts["findings"])
    assert AppVersion.objects.get(type=TYPE).status == "draft"
    assert [entry.kind for entry in history(SYSTEM, stream_named(f"definition:{TYPE}"))] == ["definition.drafted"]


def test_a_sound_definition_is_published_once_and_the_next_number_follows() -> None:
    first, again = register_apps(apps(task("a")))[0], register_apps(apps(task("a")))[0]
    second = register_apps(apps(task("a"), task("b")))[0]
    assert (first.pk, first.number, second.number) == (again.pk, 1, 2)
    assert published()[TYPE] == second.pk
    kinds = [entry.kind for entry in history(SYSTEM, stream_named(f"definition:{TYPE}"))]
    assert kinds == ["definition.drafted", "definition.published"] * 2


def test_faults_of_a_drawn_form_and_table_are_found_with_their_place() -> None:
    drawn = bundle(task("a"), RuleTask("r", "算", table=TABLE, result="grade"))
    broken = deepcopy(drawn)
    broken["forms"]["note"] = bundle(task("a", form=Form("note", "记录", fields=(Text("text", "内容", visible_when="x +* 1"),))))["forms"]["note"]
    assert "表单 note" in refused(broken).facts["findings"][0]["where"]
    assert "line 1, column 4" in refused(broken).facts["findings"][0]["what"]
    broken = deepcopy(drawn)
    del broken["tables"]["grade"]["inputs"]
    assert refused(broken).facts["findings"][0]["where"].startswith("决策表 grade")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda b: b.pop("nodes"), "没有 nodes"),
        (lambda b: b.update(title=""), "没有 title"),
        (lambda b: b["nodes"][0].pop("key"), "nodes 第 1 项：没有 key"),
        (lambda b: b["flows"].append({"source": "a"}), "没有 key、target"),
        (lambda b: b["nodes"].append("text"), "没有 key、kind、title"),
        (lambda b: b["nodes"][1].update(kind="user_tusk"), "没有“user_tusk”这种节点"),
        (lambda b: b["flows"][0].update(target="aa"), "连到不存在的节点“aa”"),
    ],
)  # fmt: skip
def test_what_is_no_definition_is_refused_in_words(change: Any, sentence: str) -> None:
    drawn = bundle(task("a"))
    change(drawn)
    assert sentence in refused(drawn).message


def test_ten_megabytes_of_feel_are_refused_at_once() -> None:
    drawn = bundle(task("a")) | {"subject": "1 + " * 2_500_000 + "1"}
    began = time.perf_counter()
    assert "有 10.0 MB" in refused(drawn).message
    assert time.perf_counter() - began < 1
    assert not AppVersion.objects.filter(type=TYPE).exists()


def test_every_declared_app_is_sound() -> None:
    assert {version.status for version in register_apps()} == {"published"}
