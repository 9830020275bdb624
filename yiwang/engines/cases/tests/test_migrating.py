"""Running cases move to a new version: looked at first, then all at once, journalled, and foldable afterwards."""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from yiwang.engines.cases.migrate_command import add_migrate
from yiwang.engines.cases.models import AppVersion, Case, Due, Token
from yiwang.engines.cases.rebuilding import differences
from yiwang.engines.cases.selectors.timelines import timeline
from yiwang.engines.cases.selectors.views import case_view
from yiwang.engines.cases.services import migrating
from yiwang.engines.cases.services.acting import act, new_case, open_case
from yiwang.engines.cases.services.migrating import look_at_migration, migrate_cases
from yiwang.engines.cases.services.sweeping import sweep_all
from yiwang.engines.cases.services.versions import register_apps
from yiwang.engines.cases.store.loading import Running, look
from yiwang.engines.cases.store.saving import save
from yiwang.engines.cases.store.tables import Cursor, open_cursor
from yiwang.engines.cases.tests.test_versions import CLERK, task
from yiwang.engines.directory.api import SYSTEM, system_actor
from yiwang.engines.directory.spec import working_days
from yiwang.engines.processes.api import Command, Moves, UnknownPlace
from yiwang.engines.processes.spec import CaseType, End, Node, Parallel, Start
from yiwang.engines.trust.api import history, stream_named, verify
from yiwang.kernel.app import App, Registry
from yiwang.kernel.clock import china, frozen
from yiwang.kernel.errors import Conflict, NotFound

TYPE = "trial.sample"
AT = china(2021, 9, 27, 9)
FORK = Parallel("fork", "分", split=("a", "b"))
OLD = (task("first"), FORK, task("a", then="join"), task("b", then="join"), Parallel("join", "合"), task("last"))
NEW = (
    task("first", within=working_days(2)), FORK, task("a", then="join"), task("x", then="join"), Parallel("join", "合"),
    task("seen"), task("last"),
)  # fmt: skip
MOVES = Moves({"b": "x"})
"""`FORK` names its ways; the second version's second way is x."""


def publish(*nodes: Node, **head: Any) -> AppVersion:
    head = {"within": working_days(5), **head}
    sample = CaseType(key="sample", title="样例", nodes=(Start(), *nodes, End()), **head)
    return register_apps(Registry((App(key="trial", title="试验", net="office", parts=(CLERK, sample)),)))[0]


def second(*nodes: Node) -> AppVersion:
    renamed = Parallel("fork", "分", split=("a", "x"))
    return publish(*(renamed if node is FORK else node for node in nodes or NEW))


@pytest.fixture(autouse=True)
def _first(db: None) -> Iterator[None]:
    with frozen(AT):
        publish(*OLD)
        yield


def opened(*done: str) -> Running:
    case = open_case(SYSTEM, TYPE, {})
    return completed(case, *done)


def completed(case: Running, *done: str) -> Running:
    for key in done:
        token = next(t for t in case.state.open_tasks() if case.graph.nodes[t.node].key == key)
        case = act(SYSTEM, case.id, "complete", token=token.no, arguments={"data": {}})
    return case


def standing(case_id: UUID) -> list[str]:
    return sorted(Token.objects.filter(case_id=case_id).values_list("node", flat=True))


def test_the_dry_run_names_what_cannot_move_and_touches_nothing() -> None:
    cases = [opened(), opened("first"), opened("first", "a"), opened("first", "a", "b")]
    second()
    report = look_at_migration(SYSTEM, TYPE, 2)
    assert (report.moved, report.is_done) == (2, False)
    assert [one.number for one in report.staying] == [cases[1].number, cases[2].number]
    assert report.staying[0].where == "环节“步骤b”（b）"
    assert "没有对应的环节" in report.staying[0].why and "写明 b 迁到哪个环节" in report.staying[0].now
    assert look_at_migration(SYSTEM, TYPE, 2, MOVES).moved == 4
    assert set(Case.objects.values_list("version__number", flat=True)) == {1}
    assert [len(history(SYSTEM, case.id)) for case in cases] == [1, 2, 3, 4]


def test_cases_go_on_in_the_new_version_and_history_folds_across_it() -> None:
    cases = [opened(), opened("first"), opened("first", "a"), opened("first", "a", "b")]
    act(SYSTEM, cases[1].id, "suspend", arguments={"reason": "等待"})
    version = second()
    report = migrate_cases(SYSTEM, TYPE, 2, MOVES)
    assert (report.moved, report.staying) == (4, [])
    assert [standing(case.id) for case in cases] == [["first"], ["a", "x"], ["join", "x"], ["last"]]
    assert set(Case.objects.values_list("version", flat=True)) == {version.pk}
    assert [differences(case.id) for case in cases] == [[]] * 4
    assert verify().fault is None
    moved = completed(look(open_cursor(), [cases[2].id])[cases[2].id], "x", "seen", "last")
    assert moved.state.status == "closed"
    assert differences(moved.id) == []
    kinds = [entry.kind for entry in history(SYSTEM, moved.id)]
    assert kinds == [*["case.open"], *["case.complete"] * 2, "case.migrate", *["case.complete"] * 3]
    note = history(SYSTEM, stream_named(f"definition:{TYPE}"))[-1]
    assert note.kind == "definition.migrated"
    assert '"from":{"1":4}' in note.payload and '"moved":4' in note.payload


def test_what_cannot_move_stays_on_its_version_and_goes_on_there() -> None:
    moving, staying = opened(), opened("first", "a")
    second()
    report = migrate_cases(SYSTEM, TYPE, 2)
    assert (report.moved, [one.number for one in report.staying]) == (1, [staying.number])
    assert dict(Case.objects.values_list("pk", "version__number")) == {moving.id: 2, staying.id: 1}
    assert completed(look(open_cursor(), [staying.id])[staying.id], "b", "last").state.status == "closed"
    assert migrate_cases(SYSTEM, TYPE, 2).moved == 0


def test_changed_limits_give_new_deadlines_in_every_table() -> None:
    case = opened()
    publish(*NEW[:1], *OLD[1:], within=working_days(9))
    report = migrate_cases(SYSTEM, TYPE, 2)
    assert (report.moved, report.late) == (1, 0)
    due = {clock.kind: clock.due_at for clock in Due.objects.filter(case_id=case.id)}
    assert due["task"] == AT + timedelta(days=1, hours=8, minutes=30)
    row = Case.objects.get(pk=case.id)
    assert (row.due_at, Token.objects.get(case=row).due_at) == (due["case"], due["task"])
    fired = sweep_all(AT + timedelta(days=60))
    assert fired == 6 and differences(case.id) == []


def test_cases_that_are_late_by_the_new_limit_are_counted() -> None:
    opened()
    publish(*OLD, within=working_days(1))
    with frozen(AT + timedelta(days=3)):
        assert look_at_migration(SYSTEM, TYPE, 2).late == 1


def test_versions_and_places_that_are_not_there_are_refused_in_words() -> None:
    opened()
    with pytest.raises(NotFound, match="没有第 7 版"):
        look_at_migration(SYSTEM, TYPE, 7)
    second()
    with pytest.raises(UnknownPlace, match="新版本没有环节“y”"):
        look_at_migration(SYSTEM, TYPE, 2, Moves({"b": "y"}))
    with pytest.raises(UnknownPlace, match="正在办理的版本没有环节“bb”") as caught:
        look_at_migration(SYSTEM, TYPE, 2, Moves({"bb": "x"}))
    assert "'b'" in caught.value.next_step
    AppVersion.objects.filter(type=TYPE, number=2).update(status="draft")
    with pytest.raises(Conflict, match="还是草稿"):
        migrate_cases(SYSTEM, TYPE, 2)


def test_when_anything_fails_nothing_has_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    case = opened()
    second()
    monkeypatch.setattr(migrating, "_journal", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        migrate_cases(SYSTEM, TYPE, 2)
    assert Case.objects.get(pk=case.id).version.number == 1
    assert len(history(SYSTEM, case.id)) == 1


def test_two_thousand_cases_move_in_a_few_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(2_000)
    second()
    statements: list[str] = []
    execute = Cursor.execute
    monkeypatch.setattr(Cursor, "execute", lambda self, query, *a, **k: (statements.append(query), execute(self, query, *a, **k))[1])
    report = migrate_cases(SYSTEM, TYPE, 2, MOVES)
    assert report.moved == 2_000
    assert len(statements) <= 12, Counter(statements)
    some = random.Random(1).sample(list(Case.objects.values_list("pk", flat=True)), 20)
    assert [differences(case) for case in some] == [[]] * 20
    assert verify().fault is None


def crowd(count: int) -> None:
    """Cases at every place of the first version."""
    from yiwang.engines.cases.performing import perform, surroundings

    around, rng, cases = surroundings(), random.Random(3), []
    for _ in range(count):
        case = new_case(TYPE, AT)
        perform(case, Command("open", AT, arguments={"data": {}}), around)
        for _ in range(rng.randrange(4)):
            token = rng.choice(case.state.open_tasks())
            perform(case, Command("complete", AT, token=token.no, arguments={"data": {}}), around)
        cases.append(case)
    save(open_cursor(), cases)


class TestCommand:
    def run(self, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
        parser = argparse.ArgumentParser()
        add_migrate(parser.add_subparsers())
        args = parser.parse_args(["migrate", TYPE, "--to", "2", *words])
        return args.run(args), capsys.readouterr().out

    def test_it_looks_first_and_moves_when_told(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        table = tmp_path / "moves.json"
        table.write_text('{"nodes": {"b": "x"}}', encoding="utf-8")
        case = opened("first")
        second()
        code, told = self.run(capsys)
        assert code == 0 and "可以迁移 0 件" in told and f"{case.number}  环节“步骤b”（b）" in told and "--yes" in told
        code, told = self.run(capsys, "--map", str(table), "--yes")
        assert code == 0 and told.startswith("已迁移 1 件到“trial.sample”第 2 版。")
        assert standing(case.id) == ["a", "x"]

    @pytest.mark.parametrize("text", ["[1]", "{", '{"nodes": {"b": 1}}', '{"node": {}}'])
    def test_a_map_that_cannot_be_read_is_told(self, capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str) -> None:
        table = tmp_path / "moves.json"
        table.write_text(text, encoding="utf-8")
        code, told = self.run(capsys, "--map", str(table))
        assert code == 2 and "请写成" in told


def test_people_read_of_the_change_in_the_history_of_the_case() -> None:
    case = opened("first")
    second()
    migrate_cases(system_actor("流程管理员"), TYPE, 2, MOVES)
    view = case_view(SYSTEM, case.id)
    told = timeline(view).happenings
    assert (told[0].title, told[0].who) == ("换用新版流程", "流程管理员")
    assert {task.node.key for task in view.tasks} == {"a", "x"}
