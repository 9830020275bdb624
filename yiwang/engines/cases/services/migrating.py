"""Running cases move to another version of their definition: first looked at, then all that can in one transaction.

Whatever their number, the cases of a batch are read in four statements and written in a handful; each gets an entry in
its own chain, the definition gets one with the counts. Cases that cannot move stay on their version and are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from yiwang.engines.cases.events import CaseMoved
from yiwang.engines.cases.models import AppVersion, Case
from yiwang.engines.cases.performing import read_clock, surroundings
from yiwang.engines.cases.rights import require_definitions
from yiwang.engines.cases.store.loading import Running, claim, graph_of, look
from yiwang.engines.cases.store.saving import save
from yiwang.engines.cases.store.tables import Cursor, open_cursor
from yiwang.engines.directory.api import Actor
from yiwang.engines.processes.api import ALARMS, Graph, Inspector, Moves, carried, check_sources, moves_between
from yiwang.engines.trust import api as trust
from yiwang.engines.trust.api import Entry
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.clock import now
from yiwang.kernel.errors import Conflict, NotFound
from yiwang.kernel.events import publish

VERB = "migrate"
BATCH = 5_000
RUNNING = ("open", "suspended")
Read = Callable[[Cursor, Sequence[UUID]], dict[UUID, Running]]


@dataclass(frozen=True)
class Staying:
    """A case that cannot move: its number, where the reason lies, the reason, and what to do now."""

    number: str
    where: str
    why: str
    now: str


@dataclass
class MigrationReport:
    """What a migration does or, looked at first, would do. `late` of the moved are over their limit at once."""

    type: str
    to: int
    is_done: bool
    moved: int = 0
    late: int = 0
    staying: list[Staying] = field(default_factory=list)


class _Migration:
    """One run over the cases of a type that are not yet on the version."""

    def __init__(self, type: str, to: int, moves: Moves) -> None:
        self.version = _published_version(type, to)
        self.given, self.at, self.around = moves, now(), surroundings()
        self.new = graph_of(self.version.pk)
        waiting = Case.objects.filter(type=type, status__in=RUNNING).exclude(version=self.version)
        versions = waiting.values_list("version", flat=True).distinct()
        self.olds: dict[UUID, Graph] = {old: graph_of(old) for old in versions}
        check_sources(moves, self.olds.values())
        self.inspectors = {
            old: Inspector(graph, self.new, moves_between(graph, self.new, moves)) for old, graph in self.olds.items()
        }
        self.ids = list(waiting.order_by("pk").values_list("pk", flat=True))

    def batches(self, read: Read, report: MigrationReport) -> Iterator[list[tuple[Running, UUID]]]:
        """(case, version it leaves) of all that can move, moved in memory; the others are put in the report."""
        cursor = open_cursor()
        for begin in range(0, len(self.ids), BATCH):
            cases = read(cursor, self.ids[begin : begin + BATCH]).values()
            leaving = [(case, case.version) for case in cases if case.version in self.inspectors]
            yield [(case, old) for case, old in leaving if self._move(case, report)]

    def _move(self, case: Running, report: MigrationReport) -> bool:
        if case.state.status not in RUNNING:
            return False  # It ended between the look and the lock.
        inspector = self.inspectors[case.version]
        obstacles = inspector.obstacles(case.state)
        if obstacles:
            report.staying.append(Staying(case.number, *obstacles[0]))
            return False
        case.state = carried(case.graph, self.new, inspector.moves, case.state, self.at, self.around)
        case.graph, case.version, case.changed_at, case.due_at = self.new, self.version.pk, self.at, None
        read_clock(case)
        report.moved += 1
        report.late += any(clock.kind not in ALARMS and clock.due_at <= self.at for clock in case.state.clocks.values())
        return True

    def entry(self, actor: Actor, case: Running, old: UUID) -> Entry:
        """What the case's history says; `rebuilding` folds it again from exactly this."""
        facts = {
            "verb": VERB, "from": str(old), "to": str(self.version.pk), "number": self.version.number,
            "nodes": self.given.nodes, "flows": self.given.flows,
        }  # fmt: skip
        who = actor.user_id, actor.name, actor.on_behalf_of
        return Entry(f"case.{VERB}", case.division, self.at, *who, canonical_json(facts))


def _published_version(type: str, number: int) -> AppVersion:
    version = AppVersion.objects.filter(type=type, number=number).first()
    if version is None:
        raise NotFound(
            gettext("“{type}”没有第 {number} 版。").format(type=type, number=number),
            next_step="请核对事项类型和版本号。",
        )
    if version.status == "draft":
        raise Conflict(
            gettext("“{type}”第 {number} 版还是草稿。").format(type=type, number=number),
            next_step="请先发布这一版，再迁移正在办理的事项。",
        )
    return version


def look_at_migration(actor: Actor, type: str, to: int, moves: Moves | None = None) -> MigrationReport:
    """The dry run: how many cases can move to version number `to`, and each that cannot with the reason."""
    require_definitions(actor)
    migration, report = _Migration(type, to, moves or Moves()), MigrationReport(type, to, is_done=False)
    for _ in migration.batches(look, report):
        pass
    return report


def migrate_cases(actor: Actor, type: str, to: int, moves: Moves | None = None) -> MigrationReport:
    """Move every case that can; all of them or, when anything fails, none."""
    require_definitions(actor)
    report = MigrationReport(type, to, is_done=True)
    with transaction.atomic():
        migration = _Migration(type, to, moves or Moves())
        left: Counter[UUID] = Counter()
        for batch in migration.batches(claim, report):
            for case, old in batch:
                case.entries.append(migration.entry(actor, case, old))
                left[old] += 1
            save(open_cursor(), [case for case, _ in batch])
            for case, _ in batch:
                publish(CaseMoved(case.id, type, VERB, case.state.status))
        _journal(actor, migration, report, left)
    return report


def _journal(actor: Actor, migration: _Migration, report: MigrationReport, left: Counter[UUID]) -> None:
    numbers = AppVersion.objects.filter(pk__in=left).values_list("pk", "number")
    facts = {
        "type": report.type, "to": report.to, "from": {str(number): left[pk] for pk, number in numbers},
        "moved": report.moved, "staying": len(report.staying), "nodes": migration.given.nodes,
        "flows": migration.given.flows,
    }  # fmt: skip
    trust.append(trust.stream_named(f"definition:{report.type}"), "definition.migrated", facts, actor=actor)
