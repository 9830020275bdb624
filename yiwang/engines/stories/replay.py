"""A year of cases carried through the real engine: stories in time order, in batches, with full history.

A story tells what happens to one case as moves; the replay finds the task a move means, fires every clock that rings
before it, and writes batches of many commands in one transaction. A crash loses at most the batch in hand; `resume`
tells which stories are already in the tables.
"""

from __future__ import annotations

import gc
import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from yiwang.engines.cases.api import (
    ALL,
    ENGINE,
    Running,
    Share,
    claim,
    fire_due,
    look,
    new_case,
    open_cursor,
    perform,
    save,
    surroundings,
    sweep_all,
)
from yiwang.engines.directory.api import Actor
from yiwang.engines.processes.api import Command, Surroundings
from yiwang.engines.stories.merging import MERGE, merging
from yiwang.kernel.clock import frozen
from yiwang.kernel.errors import UserError, YiwangError
from yiwang.kernel.ids import new_id

BATCH = 1000


class Move(NamedTuple):
    """One thing that happens `seconds` of office time after the one before (wall-clock time when `is_wall`).

    `node` names the task; empty for verbs of the whole case. `actor` is (user id, name).
    """

    seconds: float
    verb: str
    node: str = ""
    actor: tuple[int | None, str] = (None, ENGINE)
    arguments: Mapping[str, Any] = {}
    is_wall: bool = False


class Sequel(NamedTuple):
    """Another case that grows out of the one being told, `seconds` of wall-clock time later: an appeal, a follow-up,
    one more report of the same, which its first move then merges into the first case.

    `data` is its opening data, or makes it from the first case as it then stands. `opens_itself`: the platform opens
    such a case by its own rules when people act through the services; only a replay, which has no listeners, opens it
    here.
    """

    seconds: float
    type: str
    data: Mapping[str, Any] | Callable[[Running], Mapping[str, Any]]
    moves: Iterator[Move | Sequel]
    opens_itself: bool = False


class Story(NamedTuple):
    """A case to be: its type, when it opens, the opening data, who opens it, and the moves that follow.

    The data of a sequel is made when it opens, from the case `after`.
    """

    type: str
    at: datetime
    data: Mapping[str, Any] | Callable[[Running], Mapping[str, Any]]
    actor: tuple[int | None, str]
    moves: Iterator[Move | Sequel]
    after: UUID | None = None


class StoryStuck(YiwangError):
    """A story says something that its case does not take: where the case stands, what the story said, and why not."""


class Progress(NamedTuple):
    """How far a replay is: commands carried out (clocks included), cases opened, and the instant reached."""

    transitions: int
    opened: int
    at: datetime


class _Due(NamedTuple):
    at: datetime
    order: int
    case: UUID
    story: Story
    move: Move | None


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """A batch makes a hundred thousand objects and no circles; looking for some after every 700 costs a tenth."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class Replay:
    """Carries stories (in order of their opening) to the end, or to `until`."""

    def __init__(self, stories: Iterable[Story], until: datetime, batch: int = BATCH, share: Share = ALL) -> None:
        self.stories, self.until, self.batch, self.share = iter(stories), until, batch, share
        self.around: Surroundings = surroundings()
        self.heap: list[_Due] = []
        self.order = self.transitions = self.opened = 0
        self.merged: dict[UUID, list[UUID]] = {}
        """By main case: those that rest until it ends."""
        self._next_story()

    def run(self, tell: Callable[[Progress], None] = lambda progress: None) -> Progress:
        """Carry everything; `tell` hears after each batch."""
        at = self.until
        with _seldom_collecting():
            while due := self._take():
                at = due[-1].at
                self._carry(due)
                tell(Progress(self.transitions, self.opened, at))
            self.transitions += sweep_all(self.until, share=self.share)
        return Progress(self.transitions, self.opened, at)

    def _push(self, at: datetime, case: UUID, story: Story, move: Move | None) -> None:
        self.order += 1
        if at <= self.until:
            heapq.heappush(self.heap, _Due(at, self.order, case, story, move))

    def _next_story(self) -> None:
        story = next(self.stories, None)
        if story is not None:
            self._push(story.at, self._new_id(), story, None)

    def _new_id(self) -> UUID:
        """An id of this replay's share."""
        while not self.share.has(id := new_id()):
            pass
        return id

    def _take(self) -> list[_Due]:
        """The next moves in order of time. What follows a move is planned as it is taken, so the order is exact.

        A sequel that makes its data from its first case waits for the batch after that one's, whose rows and history it
        may ask about.
        """
        taken: list[_Due] = []
        held: set[UUID | None] = set()
        while self.heap and len(taken) < self.batch:
            first = self.heap[0]
            if first.move is None and callable(first.story.data) and first.story.after in held:
                break
            due = heapq.heappop(self.heap)
            held.add(due.case)
            taken.append(due)
            if due.move is None:
                self._next_story()
            self._plan(due)
        return taken

    def _plan(self, due: _Due) -> None:
        move = next(due.story.moves, None)
        if isinstance(move, Sequel):
            at = due.at + timedelta(seconds=move.seconds)
            story = Story(move.type, at, move.data, (None, ENGINE), move.moves, due.case)
            self._push(at, self._new_id(), story, None)
            self._plan(due)
        elif move is not None:
            unit = "urgent_hour" if move.is_wall else "working_hour"
            self._push(self.around.calendar.add_seconds(due.at, move.seconds, unit).at, due.case, due.story, move)

    def _carry(self, due: list[_Due]) -> None:
        with transaction.atomic():
            cursor = open_cursor()
            fresh = {item.case for item in due if item.move is None}
            cases = claim(cursor, list(self._touched(due) - fresh))
            for item in due:
                if item.move is None:
                    cases[item.case] = self._open(item)
                elif item.move.verb == MERGE:
                    self._merge(cases, item, item.move)
                else:
                    self._move(cases[item.case], item, item.move)
                    self._settle(cases, item)
            save(cursor, cases.values())
        self.transitions += sweep_all(due[-1].at, share=self.share)

    def _touched(self, due: list[_Due]) -> set[UUID]:
        """The cases of these moves, those they are merged into, and those that end with them."""
        cases = {item.case for item in due}
        mains = {item.story.after for item in due if item.move is not None and item.move.verb == MERGE}
        return cases | {main for main in mains if main} | {one for case in cases for one in self.merged.get(case, ())}

    def _merge(self, cases: Mapping[UUID, Running], item: _Due, move: Move) -> None:
        """One more report of a problem: it rests, and the clock of the case it is merged into is the only one."""
        assert item.story.after is not None, "only a sequel has a case to be merged into"
        case, main = cases[item.case], cases[item.story.after]
        self.transitions += fire_due([case, main], item.at, self.around) + 2
        try:
            with frozen(item.at):
                merging().merge_in_hand(Actor(*move.actor), case, main, str(move.arguments["reason"]))
        except UserError as error:
            raise StoryStuck(f"{case.number} cannot be merged into {main.number}: {error.sentence()}") from error
        self.merged.setdefault(main.id, []).append(case.id)

    def _settle(self, cases: Mapping[UUID, Running], item: _Due) -> None:
        """Those merged into a case end with it, each with an answer of its own."""
        main = cases[item.case]
        if main.state.status != "closed" or main.id not in self.merged:
            return
        with frozen(item.at):
            for one in self.merged.pop(main.id):
                merging().settle_in_hand(cases[one], main)
                self.transitions += 1

    def _open(self, item: _Due) -> Running:
        case, (actor, name) = new_case(item.story.type, item.at, item.case), item.story.actor
        perform(case, Command("open", item.at, actor, name, arguments={"data": _data(item.story)}), self.around)
        self.transitions, self.opened = self.transitions + 1, self.opened + 1
        return case

    def _move(self, case: Running, item: _Due, move: Move) -> None:
        self.transitions += fire_due([case], item.at, self.around) + 1
        try:
            token = _token(case, move.node) if move.node else 0
            command = Command(move.verb, item.at, move.actor[0], move.actor[1], token=token, arguments=move.arguments)
            perform(case, command, self.around)
        except (UserError, StopIteration) as error:
            stands = [case.graph.nodes[token.node].key for token in case.state.tokens.values()]
            where = f"{case.graph.type} at {stands}, {case.state.status}"
            raise StoryStuck(f"{where}: {move.verb} {move.node} {dict(move.arguments)} is refused: {error}") from error


def _data(story: Story) -> Mapping[str, Any]:
    """The opening data; a sequel's is made from the case before it, which an earlier batch has saved."""
    if not callable(story.data):
        return story.data
    assert story.after is not None
    return story.data(look(open_cursor(), [story.after])[story.after])


def _token(case: Running, node: str) -> int:
    """The task of a node; the host of many runs is no task."""
    index = case.graph.by_key[node].index
    return next(token.no for token in case.state.tokens.values() if token.node == index and token.status != "inside")
