"""The stage for an app's `scenario.py`: a seeded world of people and places in which its stories happen.

A story function is a generator: first it yields `world.open(...)`, then moves. The same functions make the tests, the
demo and the load.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from yiwang.engines.cases.api import Running, act, graph_of, newest, open_case, published, seen_cases, sweep_all
from yiwang.engines.directory.api import ANONYMOUS, SYSTEM, Actor, User, actor_for, system_actor, working_calendar
from yiwang.engines.directory.spec import Role
from yiwang.engines.processes.spec import CaseType
from yiwang.engines.stories.camera import photograph
from yiwang.engines.stories.merging import MERGE, merging
from yiwang.engines.stories.replay import Move, Sequel, Story
from yiwang.kernel.clock import frozen, now

Item = TypeVar("Item")
Span = tuple[float, float]


class Opening(NamedTuple):
    """How a story begins: a case type by its whole name, and the data it opens with."""

    type: str
    data: Mapping[str, Any]


Told = Opening | Move | Sequel
"""What a story yields: first its opening, then moves, and sequels that grow out of the case."""


class Spot(NamedTuple):
    """A place where something may happen: a point and the finest division it lies in."""

    longitude: float
    latitude: float
    division: str
    address: str = ""


class Cast(NamedTuple):
    """Who may act: (user id, name) by role key (or role@kind of office) and division prefix, and spots to act at."""

    people: Mapping[tuple[str, str], Sequence[tuple[int, str]]]
    spots: Sequence[Spot]


class World:
    """One story's view: seeded choices, when it begins, the spot it happens at, the people of that division."""

    def __init__(self, app: str, cast: Cast, rng: random.Random, at: datetime | None = None) -> None:
        self.app, self.cast, self.rng = app, cast, rng
        self.at = at or now()
        self.spot = rng.choice(cast.spots)
        self._chosen: dict[str, tuple[int | None, str]] = {}

    def pick(self, items: Sequence[Item]) -> Item:
        """One of several, by the seed."""
        return self.rng.choice(items)

    def place(self) -> dict[str, Any]:
        """This story's spot as the value of a place field."""
        spot = self.spot
        return {
            "longitude": spot.longitude, "latitude": spot.latitude, "division": spot.division, "address": spot.address,
        }  # fmt: skip

    def open(self, case_type: CaseType, data: Mapping[str, Any]) -> Opening:
        """The case begins."""
        return Opening(f"{self.app}.{case_type.key}", data)

    def actor(self, role: Role, at: str = "") -> tuple[int | None, str]:
        """Who holds the role where this story happens (`at` a kind of office), the same person throughout.

        The engine when nobody does.
        """
        key = f"{role.key}@{at}" if at else role.key
        if key not in self._chosen:
            self._chosen[key] = self._choose(role, key)
        return self._chosen[key]

    def _choose(self, role: Role, key: str) -> tuple[int | None, str]:
        for length in (16, 12, 9, 6):
            people = self.cast.people.get((f"{self.app}.{key}", self.spot.division[:length]))
            if people:
                return self.rng.choice(people)
        return None, role.title

    def move(
        self, role: Role, node: str, data: Mapping[str, Any], seconds: Span, *, verb: str = "complete", at: str = "",
        is_wall: bool = False,
    ) -> Move:  # fmt: skip
        """Somebody of the role (in an office of kind `at`) acts on a task, after a stretch of office time.

        `is_wall`: of wall-clock time, as those on call work.
        """
        arguments = {"data": data} if verb == "complete" else data
        return Move(self.rng.uniform(*seconds), verb, node, self.actor(role, at), arguments, is_wall)

    def sequel(
        self, case_type: CaseType, data: Mapping[str, Any] | Callable[[Running], Mapping[str, Any]],
        moves: Iterable[Move], seconds: Span, *, opens_itself: bool = False,
    ) -> Sequel:  # fmt: skip
        """Another case that follows from this one."""
        type = f"{self.app}.{case_type.key}"
        return Sequel(self.rng.uniform(*seconds), type, data, iter(moves), opens_itself)

    def of_case(self, verb: str, arguments: Mapping[str, Any], seconds: Span, *, is_wall: bool = True) -> Move:
        """Something done to the case as a whole, by its opener or the engine, on the wall clock."""
        return Move(self.rng.uniform(*seconds), verb, arguments=arguments, is_wall=is_wall)

    def merge(self, role: Role, reason: str, seconds: Span, *, is_wall: bool = False) -> Move:
        """First move of a sequel that reports the same again: somebody merges it into the case it grew out of."""
        return self.move(role, "", {"reason": reason}, seconds, verb=MERGE, is_wall=is_wall)


@dataclass(frozen=True)
class Scenario:
    """How many cases a year brings and what share of them goes which way."""

    per_year: int
    mix: Mapping[Callable[[World], Iterator[Told]], float]

    def stories(
        self, app: str, cast: Cast, *, begin: datetime, end: datetime, scale: float, seed: int = 0
    ) -> Iterator[Story]:
        """Stories in order of time, spread over the days and hours of the year; equal seeds tell equal years."""
        rng = random.Random(f"{app}:{seed}")
        span = (end - begin).total_seconds()
        count = max(1, round(self.per_year * scale * span / (365 * 86_400)))
        tellers, weights = list(self.mix), list(self.mix.values())
        for number in range(count):
            at = _daytime(begin + timedelta(seconds=(number + rng.random()) * span / count), rng)
            world = World(app, cast, rng, at)
            moves = rng.choices(tellers, weights)[0](world)
            first = next(moves)
            assert isinstance(first, Opening), "a story begins with world.open(...)"
            yield Story(first.type, at, first.data, (None, "市民"), _moves(moves))


def _moves(told: Iterator[Told]) -> Iterator[Move | Sequel]:
    for move in told:
        assert isinstance(move, (Move, Sequel)), "a story opens one case only; others are sequels"
        yield move


def _daytime(at: datetime, rng: random.Random) -> datetime:
    """People report by day: an hour of the same day drawn with a bell around the early afternoon."""
    hour = min(max(rng.gauss(13.5, 3.5), 0.0), 23.9)
    return at.replace(hour=int(hour), minute=int(hour % 1 * 60))


class _Turn(NamedTuple):
    """Whose turn it is: a move of a case, or the opening of a sequel of it (`case`), and what follows."""

    at: datetime
    order: int
    case: UUID
    move: Move | Sequel
    moves: Iterator[Move | Sequel]
    after: UUID | None = None


class _Telling:
    """One story and its sequels, told through the services in order of time."""

    def __init__(self) -> None:
        self.turns: list[_Turn] = []
        self.order, self.merges = count(), False

    def plan(self, case: UUID, moves: Iterator[Move | Sequel], at: datetime, after: UUID | None = None) -> None:
        """Put the next move of a case in its place, and the sequels told before it."""
        for move in moves:
            if isinstance(move, Sequel):
                due = at + timedelta(seconds=move.seconds)
                heapq.heappush(self.turns, _Turn(due, next(self.order), case, move, move.moves))
                continue
            due = working_calendar().add_seconds(at, move.seconds, "urgent_hour" if move.is_wall else "working_hour").at
            heapq.heappush(self.turns, _Turn(due, next(self.order), case, move, moves, after))
            return

    def carry(self) -> None:
        """Every turn to the end."""
        while self.turns:
            turn = heapq.heappop(self.turns)
            sweep_all(turn.at)
            if isinstance(turn.move, Sequel):
                self.plan(_sequel(turn.case, turn.move, turn.at), turn.moves, turn.at, turn.case)
                continue
            with frozen(turn.at):
                self._act(turn, turn.move)
            self.plan(turn.case, turn.moves, turn.at, turn.after)

    def _act(self, turn: _Turn, move: Move) -> None:
        if move.verb == MERGE:
            assert turn.after is not None, "only a sequel has a case to be merged into"
            merging().merge(_who(move), turn.case, turn.after, str(move.arguments["reason"]))
            self.merges = True
            return
        case = seen_cases(SYSTEM, [turn.case])[turn.case]
        arguments = _with_proof(case, move, turn.at)
        act(_who(move), case.id, move.verb, token=_standing(case, move.node), arguments=arguments)
        if self.merges:
            merging().settle_due()


def tell(world: World, story: Callable[[World], Iterator[Told]], at: datetime) -> Running:
    """Carry one story through the services as its people would: forms, rights and clocks count. The case at its end.

    A move of nobody (the engine, the public) is the system's; a role nobody holds ends in NotAllowed, as in life.
    """
    world.at = at
    told = story(world)
    first = next(told)
    assert isinstance(first, Opening), "a story begins with world.open(...)"
    with frozen(at):
        case = open_case(_opener(first.type, first.data), first.type, first.data)
    telling = _Telling()
    telling.plan(case.id, _moves(told), at)
    telling.carry()
    return seen_cases(SYSTEM, [case.id])[case.id]


def living(world: World, story: Callable[[World], Iterator[Told]]) -> Iterator[float]:
    """A story that happens now: it opens at once, then yields the seconds to wait before each move, and acts.

    It ends early where somebody else has acted meanwhile, for then the story is theirs. Sequels are left to life.
    """
    told = story(world)
    first = next(told)
    assert isinstance(first, Opening), "a story begins with world.open(...)"
    case = open_case(_opener(first.type, first.data), first.type, first.data)
    for move in _moves(told):
        if isinstance(move, Sequel):
            continue
        yield move.seconds
        case = seen_cases(SYSTEM, [case.id])[case.id]
        standing = [token.no for token in case.state.open_tasks() if case.graph.nodes[token.node].key == move.node]
        if move.node and not standing:
            return
        arguments = _with_proof(case, move, now())
        act(_who(move), case.id, move.verb, token=standing[0] if move.node else 0, arguments=arguments)


def _with_proof(case: Running, move: Move, at: datetime) -> Mapping[str, Any]:
    """Whoever must prove a step by a photo takes one on the spot."""
    asked = case.graph.by_key[move.node].raw.get("evidence") if move.node else None
    if asked is None or move.verb != "complete" or asked["photo"] in move.arguments.get("data", {}):
        return move.arguments
    taken = photograph(_who(move), case.state.data.get(asked["near"]), at)
    return {**move.arguments, "data": {**move.arguments["data"], asked["photo"]: [taken]}}


def _sequel(first: UUID, sequel: Sequel, at: datetime) -> UUID:
    """The case that follows; one the platform has opened by itself is taken up where it stands."""
    data = sequel.data(seen_cases(SYSTEM, [first])[first]) if callable(sequel.data) else sequel.data
    with frozen(at):
        opener = _opener(sequel.type, data)
        found = newest(SYSTEM, sequel.type) if sequel.opens_itself else open_case(opener, sequel.type, data)
    assert found is not None, f"{sequel.type} did not open by itself"
    return found.id


def _opener(type: str, data: Mapping[str, Any]) -> Actor:
    """The public where it may, else the system: who opens the others, or tells facts beside, is the app's matter."""
    version = published().get(type)
    bundle = graph_of(version).bundle if version is not None else {}
    is_open = bundle.get("public") and not set(bundle.get("facts", ())) & set(data)
    return ANONYMOUS if is_open else system_actor(type)


def _who(move: Move) -> Actor:
    number, name = move.actor
    return actor_for(User.objects.get(pk=number)) if number is not None else Actor(None, name, is_system=not move.node)


def _standing(case: Running, node: str) -> int:
    """Number of the open task at a node; 0 for the whole case."""
    found = (token.no for token in case.state.open_tasks() if case.graph.nodes[token.node].key == node)
    return next(found) if node else 0
