"""What happened to a case, told from its journal: who, when, on whose behalf, why, what changed, what came next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yiwang.engines.cases.filling import form_of
from yiwang.engines.cases.proving import refused_photos
from yiwang.engines.cases.selectors.histories import entries_of
from yiwang.engines.cases.selectors.views import CaseView
from yiwang.engines.directory.api import organisation_name, person_names
from yiwang.engines.forms.api import CompiledForm
from yiwang.engines.processes.api import VERBS, GraphNode
from yiwang.engines.trust.api import Told

Facts = Mapping[str, Any]
PAGE = 40
FILES = ("photo", "file", "signature")


@dataclass(frozen=True, slots=True)
class Change:
    """A field a step wrote: title, how it read before ('' when it was empty) and after; personal data masked."""

    title: str
    old: SafeString | str
    new: SafeString | str


@dataclass(slots=True)
class Happening:
    """One entry of the history in words. `node` is the step it was about, `opened` the steps that opened by it."""

    sequence: int
    verb: str
    title: str
    node: str
    at: datetime
    who: str
    on_behalf_of: str
    why: str
    hash: str
    share: int | None = None
    to: str = ""
    text: str = ""
    changes: list[Change] = field(default_factory=list)
    opened: list[tuple[str, str]] = field(default_factory=list)
    files: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    """Photos sent as proof that prove nothing, each with the reason."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of happenings, newest first; `older` is the sequence to ask before, None at the beginning."""

    happenings: Sequence[Happening]
    older: int | None
    count: int


def timeline(view: CaseView, before: int | None = None, limit: int = PAGE) -> Timeline:
    """Happenings before entry number `before`, newest first."""
    told = [(entry, orjson.loads(entry.payload)) for entry in entries_of(view.id)]
    shown = [pair for pair in told if before is None or pair[0].sequence < before][-limit:]
    older = shown[0][0].sequence if shown and shown[0][0].sequence > 1 else None
    teller = _Teller(view, shown)
    happenings = [teller.tell(entry, facts, told[: entry.sequence - 1]) for entry, facts in shown]
    return Timeline(happenings[::-1], older, len(told))


def passed(view: CaseView) -> tuple[set[str], set[str]]:
    """(keys of nodes where work stands, keys of those gone through), as the history tells it."""
    here = {view.graph.nodes[token.node].key for token in view.state.tokens.values()}
    entered = {key for entry in entries_of(view.id) for key in orjson.loads(entry.payload).get("path", ())}
    return here, entered - here


def since(view: CaseView, seen: int) -> list[Happening]:
    """What happened after entry number `seen`, oldest first."""
    return [one for one in reversed(timeline(view).happenings) if one.sequence > seen]


class _Teller:
    """Puts entries into words, with the names of all people they speak of read at once."""

    def __init__(self, view: CaseView, shown: Sequence[tuple[Told, Facts]]) -> None:
        self.view, self.graph = view, view.graph
        self.names = dict(view.names)
        self.names |= person_names({one for _, facts in shown for one in _people(facts)} - set(self.names))

    def tell(self, entry: Told, facts: Facts, earlier: Sequence[tuple[Told, Facts]]) -> Happening:
        arguments = facts.get("arguments", {})
        verb, is_whole = facts["verb"], facts["verb"] == "fire" and not facts.get("token")
        node = None if is_whole else self.graph.by_key.get(facts.get("node") or facts.get("clock_node", ""))
        told = Happening(
            entry.sequence, verb, VERBS[verb].title, node.title if node else "", entry.at, entry.actor_name,
            entry.on_behalf_of or "", str(arguments.get("reason", "")), bytes(entry.hash).hex(), facts.get("share"),
            self._to(arguments), str(arguments.get("text", "")),
        )  # fmt: skip
        told.opened = [self._opened(task) for task in facts.get("opened", ())]
        written = node if node is not None else self.graph.nodes[self.graph.start]
        told.changes = list(self._changes(written, arguments.get("data", {}), earlier))
        told.files = tuple(self._files(written, arguments))
        told.refused = refused_photos(written, arguments.get("data", {}))
        return told

    def _to(self, arguments: Facts) -> str:
        """Whom, where or what a verb names: a person, an organisation, an earlier step, signers, a vote, a score."""
        to, organisation = arguments.get("to"), arguments.get("organisation")
        if "score" in arguments:
            return gettext("{score} 分").format(score=arguments["score"])
        if "agrees" in arguments:
            return "同意" if arguments["agrees"] else "不同意"
        if "amount" in arguments:
            return gettext("延长 {amount}").format(amount=arguments["amount"])
        if organisation is not None:
            return organisation_name(organisation)
        if isinstance(to, str):
            node = self.graph.by_key.get(to)
            return node.title if node else "申请人"
        people = [to] if isinstance(to, int) else arguments.get("signers", ())
        return gettext("、").join(self.names.get(one, "") for one in people)

    def _opened(self, task: Facts) -> tuple[str, str]:
        """(title of the step, who has it)."""
        node = self.graph.by_key.get(task.get("node", ""))
        holder = self.names.get(task.get("assignee") or 0, "") or organisation_name(task.get("organisation") or 0)
        return (node.title if node else "", holder)

    def _form(self, node: GraphNode) -> CompiledForm | None:
        key = node.raw.get("form")
        return form_of(self.graph, key) if key else None

    def _changes(self, node: GraphNode, data: Facts, earlier: Sequence[tuple[Told, Facts]]) -> Iterator[Change]:
        form = self._form(node)
        if form is None or not data:
            return
        hidden = self.view.rights_for(form)
        for item in form.form.fields:
            if item.key not in data or item.key in hidden or item.kind in FILES:
                continue
            before = _value_before(item.key, earlier)
            if before != data[item.key]:
                old = self._shown(form, item.key, before)
                yield Change(item.title, old, self._shown(form, item.key, data[item.key]))

    def _shown(self, form: CompiledForm, key: str, value: Any) -> SafeString | str:
        if value in (None, "", [], {}):
            return ""
        pairs = form.display({key: value}, sees_personal=self.view.sees_personal)
        return pairs[0][1] if pairs else ""

    def _files(self, node: GraphNode, arguments: Facts) -> Iterator[str]:
        form = self._form(node)
        if form is not None and arguments.get("data"):
            yield from form.attachment_ids(arguments["data"])
        yield from arguments.get("files", ())


def _value_before(key: str, earlier: Sequence[tuple[Told, Facts]]) -> Any:
    """The last value a field had in the entries before."""
    for _, facts in reversed(earlier):
        data = facts.get("arguments", {}).get("data", {})
        if key in data:
            return data[key]
    return None


def _people(facts: Facts) -> Iterator[int]:
    arguments = facts.get("arguments", {})
    if isinstance(arguments.get("to"), int):
        yield arguments["to"]
    yield from (one for one in arguments.get("signers", ()) if isinstance(one, int))
    yield from (task["assignee"] for task in facts.get("opened", ()) if task.get("assignee"))
