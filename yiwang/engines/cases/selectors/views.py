"""One case as an actor may see it: its tasks with their clocks and verbs, who holds them, what the steps brought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from yiwang.engines.cases.filling import form_of
from yiwang.engines.cases.performing import surroundings
from yiwang.engines.cases.rights import acting_as, allowed_verbs, has_verb, is_reporter, may_work, require_sight
from yiwang.engines.cases.store.loading import Running, look
from yiwang.engines.cases.store.tables import open_cursor
from yiwang.engines.directory.api import Actor, Holder, holders_of, organisation_name, person_names
from yiwang.engines.forms.api import CompiledForm, attachments_named, mask_values
from yiwang.engines.processes.api import PERSONAL, Clock, GraphNode, Token, return_targets
from yiwang.kernel.errors import NotFound

_WATCHING = "SELECT 1 FROM cases_involvement WHERE party = %s AND case_id = %s AND is_watching"
_FILES = "SELECT attachment_id, node, added_at, refusal FROM cases_casefile WHERE case_id = %s ORDER BY added_at, id"
_OF_TIME = frozenset({"ask_extension", "extend", "refuse_extension", "ask_deferral", "defer", "refuse_deferral"})
SEES_PERSONAL = "see_personal"
"""The verb a role names in `may` when its holders read personal data in clear."""


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task that stands open. `is_mine`: the actor can work on it now; `stands_for` names whom a deputy acts for."""

    token: Token
    node: GraphNode
    clock: Clock | None
    holder: str
    organisation: str
    verbs: tuple[str, ...]
    is_mine: bool
    stands_for: str | None

    @property
    def no(self) -> int:
        return self.token.no

    @property
    def extension(self) -> Mapping[str, Any] | None:
        """The extension asked for and not yet decided: amount, by, at."""
        return (self.token.extra or {}).get("extension")

    @property
    def deferral(self) -> Mapping[str, Any] | None:
        """The deferral asked for and not yet decided: until (ISO day), by, at, agreed."""
        return (self.token.extra or {}).get("deferral")

    @property
    def deferred_until(self) -> str:
        """The day until which the task stands still; '' when it runs."""
        return str((self.token.extra or {}).get("deferred_until", ""))

    @property
    def votes(self) -> Mapping[str, bool | None]:
        """Votes of a countersigning by user id as text; None has not signed."""
        return dict((self.token.extra or {}).get("signing", {}).get("votes", {}))

    @property
    def is_with_applicant(self) -> bool:
        return "answer_to" in (self.token.extra or {})


class FileView(NamedTuple):
    """A file on a case: the step that brought it, when, and why it was refused as proof ('' when it was not)."""

    id: str
    name: str
    size: int
    is_picture: bool
    step: str
    at: datetime
    refusal: str = ""


class CaseView:
    """A case in front of an actor who may see it."""

    def __init__(self, actor: Actor, case: Running) -> None:
        self.actor, self.case = actor, case
        self.graph, self.state = case.graph, case.state

    @property
    def id(self) -> UUID:
        return self.case.id

    @cached_property
    def names(self) -> dict[int, str]:
        """Names of everybody the present state speaks of."""
        return person_names(set(self._people()))

    def _people(self) -> Iterator[int]:
        for token in self.state.tokens.values():
            extra = token.extra or {}
            people = (token.assignee, extra.get("owner"), extra.get("asker"), extra.get("extension", {}).get("by"))
            yield from (person for person in people if person is not None)
            yield from map(int, extra.get("signing", {}).get("votes", {}))
        if self.state.opened_by is not None:
            yield self.state.opened_by

    @cached_property
    def sees_personal(self) -> bool:
        """Whether personal data is shown in clear: to the reporter, and to roles that name the verb."""
        return is_reporter(self.actor, self.case) or has_verb(self.actor, SEES_PERSONAL, self.graph, self.case.division)

    @cached_property
    def whole_clock(self) -> Clock | None:
        """The limit of the whole case."""
        return next((clock for clock in self.state.clocks.values() if clock.kind == "case"), None)

    @cached_property
    def tasks(self) -> list[TaskView]:
        """Open tasks, the actor's own first."""
        clocks = {clock.token: clock for clock in self.state.clocks.values() if clock.kind == "task"}
        found = [self._task(token, clocks.get(token.no)) for token in self.state.open_tasks()]
        return sorted(found, key=lambda task: (not task.is_mine, task.no))

    def _task(self, token: Token, clock: Clock | None) -> TaskView:
        verbs = tuple(verb for verb in allowed_verbs(self.actor, self.case, token) if self._makes_sense(verb, token))
        is_mine = may_work(self.actor, self.case, token) and token.status in PERSONAL - {"countersigning"}
        deputy = acting_as(self.actor, self.case, "complete", token)
        return TaskView(
            token, self.graph.nodes[token.node], clock, self.names.get(token.assignee or 0, ""),
            organisation_name(token.organisation) if token.organisation else "", verbs, is_mine,
            deputy.on_behalf_of if is_mine else None,
        )  # fmt: skip

    def _makes_sense(self, verb: str, token: Token) -> bool:
        """Whether the step would take a verb that rights and status allow: no button that can only be refused."""
        extra = token.extra or {}
        is_held = token.assignee in (None, self.actor.user_id) or self.actor.is_system
        if "answer_to" in extra:
            return verb in ("complete", "claim", "withdraw") and is_held
        if verb == "claim":
            return is_held and token.status == "open"
        if verb in _OF_TIME:
            return self._fits_clock(verb, token, extra, is_held)
        if verb in ("withdraw", "recall", "transfer"):
            return True
        return is_held

    def _fits_clock(self, verb: str, token: Token, extra: Mapping[str, Any], is_held: bool) -> bool:
        """Whether a verb about the task's limit has something to act on."""
        raw = self.graph.nodes[token.node].raw
        if not any(clock.token == token.no for clock in self.state.clocks.values()):
            return False
        if verb in ("ask_deferral", "defer", "refuse_deferral"):
            used = self.state.memory.get("deferrals", {}).get(self.graph.nodes[token.node].key, 0)
            can = raw.get("deferrals", 0) > used and "deferral" not in extra and "deferred_until" not in extra
            return can and is_held if verb == "ask_deferral" else "deferral" in extra
        if verb == "ask_extension":
            return is_held and "extension" not in extra
        return "extension" in extra or (verb == "extend" and raw.get("approvals", 1) == 1)

    @cached_property
    def verbs(self) -> tuple[str, ...]:
        """Verbs for the case as a whole."""
        memory, bundle = self.state.memory, self.graph.bundle
        drop = {"supervise"} if memory.get("is_supervised") else {"lift_supervision"}
        if memory.get("is_circulated"):
            drop.add("circulate")
        if not bundle.get("rated") or "rating" in memory or not is_reporter(self.actor, self.case):
            drop.add("rate")
        return tuple(verb for verb in allowed_verbs(self.actor, self.case, None) if verb not in drop)

    @cached_property
    def is_watching(self) -> bool:
        """Whether the actor asked to hear of this case."""
        return bool(open_cursor().read(_WATCHING, [f"u{self.actor.user_id}", self.id]))

    @cached_property
    def files(self) -> dict[str, FileView]:
        """Every file its steps and remarks brought, by id, in order of time."""
        known = {str(number): told for number, *told in open_cursor().read(_FILES, [self.id])}
        found = attachments_named(known)
        return {
            one: FileView(one, found[one].name, found[one].size, found[one].is_picture, self._step(node), at, refusal)
            for one, (node, at, refusal) in known.items()
            if one in found
        }

    def _step(self, node: str) -> str:
        known = self.graph.by_key.get(node)
        return known.title if known is not None else ""

    @cached_property
    def steps(self) -> list[tuple[GraphNode, CompiledForm]]:
        """Nodes whose forms may have brought data: the start, then the tasks in the order of the definition."""
        nodes = (self.graph.nodes[self.graph.start], *(n for n in self.graph.nodes if n.kind == "user_task"))
        return [(node, form_of(self.graph, node.raw["form"])) for node in nodes if node.raw.get("form")]

    def readable(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Data of this case as the actor may read it: personal values masked, hidden fields left out."""
        if self.sees_personal:
            return dict(data)
        found = dict(data)
        for _, form in self.steps:
            hidden = self.rights_for(form)
            found = mask_values(form.form, {key: one for key, one in found.items() if key not in hidden})
        return found

    def earlier(self, token: Token) -> list[GraphNode]:
        """The steps a task may be sent back to."""
        keys = return_targets(self.graph, self.state, token, surroundings())
        return [self.graph.by_key[key] for key in keys]

    def receivers(self, token: Token, *, of_organisation: bool) -> list[Holder]:
        """Whom a task can be handed to: holders of its role here, but for the actor and who has it already."""
        own = token.organisation if of_organisation else None
        found = holders_of(self.graph.nodes[token.node].role, self.case.division, own)
        return [one for one in found if one.id not in (self.actor.user_id, token.assignee)]

    def rights_for(self, form: CompiledForm) -> dict[str, str]:
        """Fields of a form to hide from this actor: those that every task of theirs hides."""
        tasks = [task.node.raw.get("rights", {}) for task in self.tasks if task.is_mine]
        if not tasks or self.sees_personal:
            return {}
        hidden = set.intersection(*({key for key, right in rights.items() if right == "hidden"} for rights in tasks))
        return dict.fromkeys(hidden & set(form.form.by_key), "hidden")


def case_view(actor: Actor, case_id: UUID) -> CaseView:
    """The case; NotFound when it does not exist for this actor."""
    case = look(open_cursor(), [case_id]).get(case_id)
    if case is None:
        raise NotFound
    require_sight(actor, case)
    return CaseView(actor, case)
