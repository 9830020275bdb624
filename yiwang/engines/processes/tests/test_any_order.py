"""Whatever is done in whatever order: no token is lost or doubled, nothing dangles, and there is always a way out.

A machine draws a process and throws verbs at it: fitting ones and foolish ones, by the right people and by strangers,
at any time. After each the invariants are held; at the end history is folded anew and the case is led to its close.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import orjson
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from yiwang.engines.directory.spec import working_days
from yiwang.engines.processes.errors import NoWayOut
from yiwang.engines.processes.graph import Graph
from yiwang.engines.processes.migration import Inspector, Moves, carried, moves_between
from yiwang.engines.processes.spec import (
    Boundary,
    CallActivity,
    Catch,
    End,
    EventGateway,
    Exclusive,
    Inclusive,
    Many,
    Node,
    Parallel,
    ReceiveTask,
    ServiceTask,
    Start,
    SubProcess,
)  # fmt: skip
from yiwang.engines.processes.state import PERSONAL, ROOT, CaseState, Command, Token
from yiwang.engines.processes.step import VERBS, step
from yiwang.engines.processes.tests.blocks import Blocks
from yiwang.engines.processes.tests.processes import CITIZEN, LAN, WU, ZHOU, Run, graph_of, task
from yiwang.kernel.errors import UserError

CHANCE = st.randoms(use_true_random=True)
PEOPLE = (CITIZEN, LAN, ZHOU, WU)
MOST_STEPS_OUT = 400
DAY = working_days(1)
HAND_OVER = ("claim", "release", "transfer", "delegate", "recall")
SIGNERS = ("countersign", "add_signer", "remove_signer")
EXTENSION = ("ask_extension", "refuse_extension", "extend")
OF_THE_CASE = ("suspend", "resume", "resume", "urge", "supervise", "lift_supervision", "retime", "rate", "comment")
ANYTHING = tuple(sorted(set(VERBS) - {"cancel"}))
WORK = ("open", "claimed", "delegated")
STRETCH: tuple[tuple[str, tuple[str, ...] | None, tuple[str, ...], int], ...] = (
    ("complete", WORK, (), 5), ("hand_over", WORK, HAND_OVER, 1), ("gather_signers", ("open", "claimed", "countersigning"), SIGNERS, 1),
    ("sign", ("signing",), (), 1), ("send_back", ("open", "claimed"), (), 2), ("withdraw", ("open",), (), 1),
    ("of_the_case", None, OF_THE_CASE, 1), ("extend", (), EXTENSION, 1), ("ring", None, (), 2), ("wait", None, (), 1),
    ("deliver", None, (), 1), ("come_back", ("called",), ("answer", "fail"), 1), ("anything", None, ANYTHING, 1),
    ("change_version", None, (), 2),
)  # fmt: skip
"""(rule, statuses of which some token must be, verbs to choose from, how often)."""
MANY = Many("[1, 2, 3]", result="item", collect="all")
SPECIAL: tuple[tuple[Node, ...], ...] = (
    (task("a", many=MANY, within=DAY), task("b")),
    (task("a"), task("b", many=Many("[1, 2, 3]", sequential=True, until="completed >= 2")), task("c")),
    (task("z"), SubProcess("s", "子", nodes=(Start("s1"), task("a", within=DAY), task("b"), End("e1")), many=MANY), task("c")),
    (
        task("a"), EventGateway("g", "等", split=("m", "t", "r")), Catch("m", "信", on="message", name="m", then="b"),
        Catch("t", "时", on="timer", after=DAY, then="a"), ReceiveTask("r", "收", message="r"), task("b"),
    ),
    (
        task("a"), ServiceTask("s", "查", call="trial.x", then="b"), Boundary("e", "错", at_node="s", on="error", then="a"),
        task("b"), CallActivity("c", "调", calls="trial.y"), task("d"),
    ),
    (
        SubProcess("s", "子", nodes=(
            Start("s1"), Parallel("f", "分", split=("a", "b")), task("a", then="j"),
            task("b"), Exclusive("w", "?", when={"x": "d_b = 1"}, otherwise="j"),
            End("x", throws="error", name="bad"), Parallel("j", "合"), End("e1"),
        ), then="d"),
        Boundary("e", "错", at_node="s", on="error", name="bad", then="c"), Boundary("late", "迟", at_node="s", on="timer", after=DAY, then="c"),
        task("c", then="s"), task("d"),
    ),
    (
        Exclusive("begin", "入"), Inclusive("f", "分", when={"a": "d_z = 1", "b": "d_z = 1"}, otherwise="b"), task("a", then="j"),
        task("b"), task("b2"), Inclusive("j", "合"), task("c"), Exclusive("w", "?", when={"begin": "d_c = 1"}, otherwise="end"), End(),
    ),
    (Parallel("f", "分", split=("a", "b")), task("a"), End("stop", terminate=True), task("b", keeps_clock=True, stays=True), task("c"), End()),
)  # fmt: skip


class AnyOrder(RuleBasedStateMachine):
    """One case and everything that can be done to it."""

    run: Run
    drawn: Blocks | None

    @initialize(seed=st.integers(0, 10**6), special=st.sampled_from((None, None, None, *range(len(SPECIAL)))))
    def begin(self, seed: int, special: int | None) -> None:
        head = {"within": {"amount": "3", "unit": "working_day"}, "warn_at": [50, 100], "rated": True}
        self.drawn = None
        if special is None:
            rng = random.Random(seed)
            self.drawn = Blocks(rng, rng.randint(2, 9))
            graph = Graph(self.drawn.bundle | head)
        else:
            graph = graph_of(*SPECIAL[special], within=working_days(3), rated=True)
        self.run = Run(graph=graph)
        self.twin = Graph(graph.bundle | {"nodes": graph.bundle["nodes"][::-1]})
        self.commands: list[Command] = []
        self.act("open", actor=CITIZEN, data={"d_z": seed % 2})

    def act(self, verb: str, token: int = 0, actor: int | None = None, **arguments: Any) -> bool:
        """Do it, and keep what was accepted as the journal would; False when it was refused."""
        command = Command(verb, self.run.at, actor, "", None, token, orjson.loads(orjson.dumps(arguments)))
        try:
            self.run.command(verb, token, actor, **arguments)
        except NoWayOut:
            raise
        except UserError:
            return False
        self.commands.append(command)
        return True

    # What may happen

    def tokens(self, *statuses: str) -> list[Token]:
        return [token for token in self.run.state.tokens.values() if not statuses or token.status in statuses]

    def answers(self, rng: random.Random) -> dict[str, int]:
        return {f"d_{node.key}": rng.choice((1, 2, 9)) for node in self.run.graph.nodes if node.kind == "user_task"}

    def someone(self, rng: random.Random, token: Token | None = None) -> int | None:
        right = token.assignee if token is not None and token.assignee is not None else LAN
        return rng.choice((right, right, right, None, *PEOPLE))

    def pick(self, rng: random.Random, *statuses: str) -> Token:
        return rng.choice(self.tokens(*statuses))

    @precondition(lambda self: self.tokens(*WORK))
    @rule(rng=CHANCE)
    def complete(self, rng: random.Random) -> None:
        token = self.pick(rng, *WORK)
        self.act("complete", token.no, self.someone(rng, token), data=self.answers(rng))

    @rule(rng=CHANCE, steps=st.integers(5, 40))
    def many(self, rng: random.Random, steps: int) -> None:
        """A long stretch of everything, so that the machine comes deep into the process."""
        for _ in range(steps):
            self._one(rng)
            self.everything_hangs_together()
            self.no_token_is_lost_or_doubled()

    def _one(self, rng: random.Random) -> None:
        what, statuses, verbs = rng.choices(STRETCH, weights=[weight for *_, weight in STRETCH])[0][:3]
        if (statuses is None or self.tokens(*statuses)) and (what != "deliver" or self.events()):
            arguments = {"verb": rng.choice(verbs)} if verbs else {}
            getattr(self, what)(rng=rng, **arguments)

    @precondition(lambda self: self.tokens(*WORK))
    @rule(rng=CHANCE, verb=st.sampled_from(HAND_OVER))
    def hand_over(self, rng: random.Random, verb: str) -> None:
        token = self.pick(rng, *WORK)
        arguments = rng.choice(({"to": ZHOU}, {"to": WU}, {"organisation": 5}, {}))
        self.act(verb, token.no, self.someone(rng, token), **arguments)

    @precondition(lambda self: self.tokens("open", "claimed", "countersigning"))
    @rule(rng=CHANCE, verb=st.sampled_from(SIGNERS))
    def gather_signers(self, rng: random.Random, verb: str) -> None:
        token = self.pick(rng, "open", "claimed", "countersigning")
        signers = rng.choices(PEOPLE, k=rng.randint(0, 4))
        rules = rng.choice(("all", "any", "ratio"))
        chosen = rng.choice(PEOPLE)
        self.act(verb, token.no, self.someone(rng, token), signers=signers, rule=rules, ratio=60, to=chosen)

    @precondition(lambda self: self.tokens("signing"))
    @rule(rng=CHANCE)
    def sign(self, rng: random.Random) -> None:
        token = self.pick(rng, "signing")
        self.act("sign", token.no, self.someone(rng, token), agrees=rng.random() < 0.5)

    @precondition(lambda self: self.tokens("open", "claimed"))
    @rule(rng=CHANCE)
    def send_back(self, rng: random.Random) -> None:
        token = self.pick(rng, "open", "claimed")
        targets = ("applicant", *self.run.state.memory.get("visited", ()), "nowhere")
        self.act("send_back", token.no, self.someone(rng, token), to=rng.choice(targets))

    @precondition(lambda self: self.tokens("open"))
    @rule(rng=CHANCE)
    def withdraw(self, rng: random.Random) -> None:
        token = self.pick(rng, "open")
        self.act("withdraw", token.no, rng.choice((token.came_by, token.came_by, LAN)))

    @rule(rng=CHANCE, verb=st.sampled_from(OF_THE_CASE))
    def of_the_case(self, rng: random.Random, verb: str) -> None:
        self.act(verb, score=rng.randint(1, 5), text="已阅")

    @precondition(lambda self: self.tokens())
    @rule(rng=CHANCE, verb=st.sampled_from(EXTENSION))
    def extend(self, rng: random.Random, verb: str) -> None:
        token = self.pick(rng)
        self.act(verb, token.no, self.someone(rng, token), amount=rng.choice((1, 2, "x", 400)))

    @rule(rng=CHANCE)
    def ring(self, rng: random.Random) -> None:
        """Time passes until the next clock rings."""
        ringing = [clock for clock in self.run.state.clocks.values() if clock.next_at]
        if ringing:
            clock = min(ringing, key=lambda one: (one.next_at, one.no))
            self.run.at = max(self.run.at, clock.next_at)
            self.act("fire", clock=clock.no)

    @rule(rng=CHANCE)
    def wait(self, rng: random.Random) -> None:
        self.run.wait(hours=rng.randint(1, 40))

    @precondition(lambda self: self.events())
    @rule(rng=CHANCE)
    def deliver(self, rng: random.Random) -> None:
        kind, name = rng.choice(self.events())
        self.act("deliver", kind=kind, name=name, payload={"news": 1})

    def events(self) -> list[tuple[str, str]]:
        """(kind, name) of the messages and signals the definition listens to."""
        nodes = [node for node in self.run.graph.nodes if node.kind in ("catch", "boundary", "receive_task")]
        return sorted({(node.on or "message", node.name) for node in nodes if node.on in ("", "message", "signal")})

    @precondition(lambda self: self.tokens("called"))
    @rule(rng=CHANCE, verb=st.sampled_from(("answer", "fail")))
    def come_back(self, rng: random.Random, verb: str) -> None:
        self.act(verb, self.pick(rng, "called").no, data={"found": 1}, error="bad")

    @rule(rng=CHANCE, verb=st.sampled_from(ANYTHING))
    def anything(self, rng: random.Random, verb: str) -> None:
        """Foolish as often as not: any verb on any number."""
        arguments = {"to": ZHOU, "signers": [ZHOU, WU], "agrees": True, "amount": 1, "score": 3, "text": "x", "name": "m"}
        token = rng.randint(0, 12)
        self.act(verb, token, rng.choice((None, *PEOPLE)), clock=token, **arguments)

    @rule(rng=CHANCE)
    def change_version(self, rng: random.Random) -> None:
        """To a version with other numbers and back: nothing stands in the way of any state, nothing is changed by it."""
        run = self.run
        if run.state.status in ("closed", "cancelled"):
            return
        there = self.twin
        out, back = moves_between(run.graph, there, Moves()), moves_between(there, run.graph, Moves())
        assert Inspector(run.graph, there, out).obstacles(run.state) == []
        moved = carried(run.graph, there, out, run.state, run.at, run.around)
        assert carried(there, run.graph, back, moved, run.at, run.around) == run.state

    @precondition(lambda self: len(self.commands) > 25)
    @rule()
    def cancel(self) -> None:
        self.act("cancel")

    # What must hold

    @invariant()
    def everything_hangs_together(self) -> None:
        if hasattr(self, "run"):
            check_scopes(self.run.state)
            check_tokens(self.run)
            check_clocks(self.run.state)

    @invariant()
    def no_token_is_lost_or_doubled(self) -> None:
        if not hasattr(self, "run") or self.drawn is None or self.run.state.status in ("closed", "cancelled"):
            return
        graph, tokens = self.run.graph, self.run.state.tokens.values()
        for scope in (ROOT, *self.run.state.scopes):
            places = [_place(graph, token) for token in tokens if token.scope == scope and token.status != "signing"]
            weight = self.drawn.weight(places)
            is_main_over = bool(places) and all(self.drawn.branch_of[place] is None for place in places)
            assert weight == (0 if is_main_over else 1), f"{places} in scope {scope}"

    def teardown(self) -> None:
        if not hasattr(self, "run"):
            return
        assert folded(self.run, self.commands) == self.run.state
        lead_out(self.run)


def _place(graph: Graph, token: Token) -> str:
    """Where the weight of a token counts: parked at a join, in the branch it came by."""
    if token.status == "joined":
        return graph.nodes[graph.flows[token.flow].source].key
    asked = (token.extra or {}).get("answer_to")
    return asked or graph.nodes[token.node].key


def check_scopes(state: CaseState) -> None:
    """Every running scope has a host that waits, and something in it."""
    busy = {token.scope for token in state.tokens.values()} | {scope.parent for scope in state.scopes.values()}
    for scope in state.scopes.values():
        assert scope.parent == ROOT or scope.parent in state.scopes
        assert state.tokens[scope.host].status == "inside"
        assert scope.no in busy, f"nothing is left in scope {scope}"
    hosts = {scope.host for scope in state.scopes.values()}
    assert {token.no for token in state.tokens.values() if token.status == "inside"} == hosts


def check_tokens(run: Run) -> None:
    """Tokens stand in living scopes; joins hold one for each way; signers and votes agree; ended cases hold none."""
    state, graph = run.state, run.graph
    assert bool(state.tokens) == (state.status in ("open", "suspended"))
    assert all(token.scope == ROOT or token.scope in state.scopes for token in state.tokens.values())
    assert all(number == token.no < state.next_token for number, token in state.tokens.items())
    parked = [token for token in state.tokens.values() if token.status == "joined"]
    assert all(graph.flows[token.flow].target == token.node for token in parked)
    assert max(Counter((token.scope, token.flow) for token in parked).values(), default=0) <= 1
    seats = Counter((token.host, token.assignee) for token in state.tokens.values() if token.status == "signing")
    asked = Counter(
        (token.no, int(signer))
        for token in state.tokens.values() if token.status == "countersigning"
        for signer, vote in (token.extra or {})["signing"]["votes"].items() if vote is None
    )  # fmt: skip
    assert seats == asked


def check_clocks(state: CaseState) -> None:
    """Clocks hang on living tokens, one limit for each; ended cases have none."""
    assert all(clock.token == 0 or clock.token in state.tokens for clock in state.clocks.values())
    assert not state.clocks or state.tokens
    limits = Counter(clock.token for clock in state.clocks.values() if clock.kind != "timer")
    assert max(limits.values(), default=0) <= 1
    for clock in state.clocks.values():
        if clock.kind == "task":
            assert state.tokens[clock.token].status in PERSONAL
        if clock.kind != "timer" and state.status == "suspended":
            assert clock.is_stopped


def folded(run: Run, commands: list[Command]) -> CaseState:
    """The state as history alone tells it."""
    state = CaseState(run.state.id)
    for command in commands:
        state = step(run.graph, state, command, run.around).state
    return state


def lead_out(run: Run) -> None:
    """Bring the case to its end, by people who do what is asked and events that happen."""
    for _ in range(MOST_STEPS_OUT):
        if run.state.status in ("closed", "cancelled"):
            return
        if run.state.status == "suspended":
            run.command("resume")
        else:
            _help_on(run)
    raise AssertionError(f"no way out of {run.standing}")


def _help_on(run: Run) -> None:
    leave = {f"d_{node.key}": 2 for node in run.graph.nodes if node.kind == "user_task"}
    for token in sorted(run.state.tokens.values(), reverse=True):
        node = run.graph.nodes[token.node]
        if token.status in ("open", "claimed", "delegated"):
            run.command("complete", token.no, data=leave)
        elif token.status == "signing":
            run.command("sign", token.no, agrees=True)
        elif token.status == "called":
            run.command("answer", token.no, data={})
        elif token.status == "waiting":
            _bring(run, node.key, token)
        else:
            continue
        return
    raise AssertionError(f"everybody waits for nobody: {run.standing}")


def _bring(run: Run, key: str, token: Token) -> None:
    timers = [clock for clock in run.state.clocks.values() if clock.token == token.no]
    node = run.graph.by_key[key]
    if node.kind == "event_gateway":
        node = run.graph.nodes[run.graph.flows[node.outgoing[0]].target]
    if node.on == "timer":
        run.at = max(run.at, timers[0].next_at or run.at)
        run.command("fire", clock=timers[0].no)
    else:
        run.command("deliver", kind=node.on or "message", name=node.name)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=4 * settings().max_examples, stateful_step_count=15)


@pytest.mark.parametrize("portion", range(6))
def test_long_walks_through_any_process(portion: int) -> None:
    """The same machine on long walks, which the search for small examples seldom takes."""
    for seed in range(portion, 10 * settings().max_examples, 6):
        rng = random.Random(seed)
        machine = AnyOrder.__new__(AnyOrder)
        machine.begin(seed=seed, special=rng.choice((None, None, *range(len(SPECIAL)))))
        machine.many(rng=rng, steps=80)
        machine.teardown()
