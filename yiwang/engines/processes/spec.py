"""The words an app says about its cases: a process in the terms of BPMN 2.0, written so that it reads like prose.

Nodes stand in the order of work: a node flows to the one listed after it unless `then` names another. Gateways branch
with `when` (target: FEEL condition) and `otherwise`. No Django here; `bundle.py` turns these words into the JSON that
a designer in the browser writes as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime
from typing import Any, Literal

from yiwang.engines.directory.spec import Limit, Role
from yiwang.engines.forms.spec import Form
from yiwang.engines.rules.spec import DecisionTable
from yiwang.kernel.app import Part, check_key
from yiwang.kernel.errors import SpecError

Right = Literal["hidden", "read", "write"]
Trigger = Literal["timer", "message", "signal", "error", "escalation"]
Escalation = Literal["urge", "supervise", "circulate"]


@dataclass(frozen=True)
class Node:
    """A place in a process. `key` is unique in it, `title` is what people read, `then` overrides the next node."""

    key: str
    title: str
    _: KW_ONLY
    then: str | None = None

    def __post_init__(self) -> None:
        check_key(f"{type(self).__name__} '{self.title}'", self.key)


@dataclass(frozen=True)
class Many:
    """Multi-instance: one run for each item of the FEEL list `each`, all at once or in sequence.

    `item` names the variable of one run, `collect` the list that gathers `result` (FEEL) of each run, `until` (FEEL)
    ends the rest early; it sees `completed`, `total` and the collected list.
    """

    each: str
    item: str = "item"
    sequential: bool = False
    result: str | None = None
    collect: str | None = None
    until: str | None = None


@dataclass(frozen=True)
class Evidence:
    """What a photo field must prove when the step is completed: taken within `metres` of the place in field `near`,
    and not before the last time node `since` was done. What contradicts is refused and, sent beside a better one, kept
    apart with its reason; what a photo does not tell leaves the step's data marked `unproven` under `result`, for the
    next one to look on the spot. `when` (FEEL over the step's data) says for which answers proof is asked; empty means
    always.
    """

    photo: str
    near: str
    since: str
    metres: int = 100
    result: str = "evidence"
    when: str = ""


@dataclass(frozen=True)
class Start(Node):
    """Where a case begins; `form` is what the opener fills in. With `message` it also opens on that message."""

    key: str = "start"
    title: str = "开始"
    _: KW_ONLY
    form: Form | None = None
    message: str | None = None


@dataclass(frozen=True)
class End(Node):
    """Where a path ends. `outcome` becomes the case's outcome; `terminate` ends all other paths of its scope too."""

    key: str = "end"
    title: str = "结束"
    _: KW_ONLY
    outcome: str = "closed"
    terminate: bool = False
    throws: Literal["error", "message", "signal", "escalation"] | None = None
    name: str = ""


@dataclass(frozen=True)
class UserTask(Node):
    """A step a person takes. `by` is the role that may, `within` its time limit, `rights` the field rights of the form.

    A limit may be FEEL: a map of `amount` and `unit`, or null for none. `escalates` names what a used share of the
    limit brings by itself, such as `{100: "urge", 150: "supervise", 200: "circulate"}`. `approvals` is how many
    people must agree to an extension or a deferral. `evidence` says what the photos of this step must prove.

    `returns` caps how often work may be sent back to this step; the next return goes to the step `ruling` instead,
    whose decision stands: nobody sends back after it. `demands` maps FEEL over the case's data to sentences: completing
    is refused with the sentence of a condition that does not hold. `stage` is what the reporter reads in place of the
    title: steps of one stage show as one, '' shows the step only while or after it is taken.
    `organisation` (FEEL) names the responsible organisation's code, `assignee` (FEEL) a user name; both optional.
    `warn_at` are the shares of the limit that raise a warning. `extensions` caps granted extensions.
    When the step is entered again `stays` keeps the first performer, `keeps_clock` carries the first clock on.
    """

    _: KW_ONLY
    by: Role | str
    form: Form | None = None
    within: Limit | str | None = None
    rights: Mapping[str, Right] = field(default_factory=dict)
    organisation: str | None = None
    assignee: str | None = None
    many: Many | None = None
    warn_at: tuple[int, ...] = (50, 80, 100)
    escalates: Mapping[int, Escalation] = field(default_factory=dict)
    extensions: int = 1
    approvals: int = 1
    deferrals: int = 0
    evidence: Evidence | None = None
    returns: int = 0
    ruling: str = ""
    demands: Mapping[str, str] = field(default_factory=dict)
    stage: str | None = None
    stays: bool = False
    keeps_clock: bool = False
    deny: tuple[str, ...] = ()


@dataclass(frozen=True)
class ServiceTask(Node):
    """Work a handler does outside the step, through the outbox. `call` names a `Handler`; the answer is merged in."""

    _: KW_ONLY
    call: Handler | str
    result: str | None = None
    many: Many | None = None


@dataclass(frozen=True)
class RuleTask(Node):
    """Decide by table, by advice or by FEEL: `table` and `asks` put their result in `result`; then `sets` assigns.

    `asks` names an `Advisor`, of this app by object or of another by `"<app>.<advisor>"`. `case_within` (FEEL, a map
    of `amount` and `unit`) sets the limit of the whole case from here on; the time already used stays used.
    """

    _: KW_ONLY
    table: DecisionTable | str | None = None
    asks: Advisor | str | None = None
    case_within: str | None = None
    result: str | None = None
    sets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SendTask(Node):
    """Send message `message` with FEEL `payload` through the outbox and go on."""

    _: KW_ONLY
    message: str
    payload: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReceiveTask(Node):
    """Wait for message `message`; its payload is put in variable `result` (or merged when None)."""

    _: KW_ONLY
    message: str
    result: str | None = None


@dataclass(frozen=True)
class Exclusive(Node):
    """One way out: the first condition that is true, else `otherwise`. With no conditions it merges paths."""

    _: KW_ONLY
    when: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None


@dataclass(frozen=True)
class Inclusive(Node):
    """Every way whose condition is true, else `otherwise`; as a join it waits for all that can still arrive."""

    _: KW_ONLY
    when: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None


@dataclass(frozen=True)
class Parallel(Node):
    """All ways at once; as a join it waits for one token from every way in."""

    _: KW_ONLY
    split: tuple[str, ...] = ()


@dataclass(frozen=True)
class EventGateway(Node):
    """Wait for the first of several events (`split` names catch nodes); the others are dropped."""

    _: KW_ONLY
    split: tuple[str, ...]


@dataclass(frozen=True)
class Catch(Node):
    """Wait for a timer (`after` a limit, or `at` a FEEL instant), a message or a signal (`name`)."""

    _: KW_ONLY
    on: Literal["timer", "message", "signal"]
    name: str = ""
    after: Limit | str | None = None
    at: str | None = None


@dataclass(frozen=True)
class Throw(Node):
    """Send a message, broadcast a signal or raise an escalation (`name`) and go on."""

    _: KW_ONLY
    on: Literal["message", "signal", "escalation"]
    name: str
    payload: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Boundary(Node):
    """An event on the edge of activity `at_node`; `interrupting` ends the activity, else it runs on beside.

    A timer whose `after` is FEEL and null never rings.
    """

    _: KW_ONLY
    at_node: str
    on: Trigger
    name: str = ""
    after: Limit | str | None = None
    at: str | None = None
    interrupting: bool = True


@dataclass(frozen=True)
class SubProcess(Node):
    """A process inside a node, with variables of its own that see the case's; ends when nothing runs in it."""

    _: KW_ONLY
    nodes: tuple[Node, ...]
    many: Many | None = None


@dataclass(frozen=True)
class CallActivity(Node):
    """Open a case of another type (`"<app>.<case type>"`) and wait for its end. FEEL in, FEEL out."""

    _: KW_ONLY
    calls: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    many: Many | None = None


@dataclass(frozen=True, kw_only=True)
class Handler(Part):
    """A function an app lends to service tasks: `(facts) -> facts`, called by the worker at least once."""

    function: Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Advisor(Part):
    """A function an app lends to rule tasks of any app: `(facts, at) -> advice`, asked inside the step.

    `facts` is the case's data, `at` the instant of the step: advice follows the rules in force then. It must be quick
    (microseconds: look into a kept book), change nothing, and answer plain JSON. The journal keeps each answer, so a
    history folds to the same state whatever the books say later.
    """

    function: Callable[[Mapping[str, Any], datetime], Mapping[str, Any]]


@dataclass(frozen=True)
class Merging:
    """Which cases may stand for one of this type beside those of its own type, when several are of one problem.

    `into` names other types (`"<app>.<case type>"`), each with what a merged case takes over when the other has ended:
    fields of its own, by FEEL over `main`, the other's data, and its `outcome`; null sets nothing. One way only: the
    other type declares its own. `never` keeps the cases of this type out of every merge, with each other too.
    """

    into: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    never: bool = False

    def __post_init__(self) -> None:
        if self.never and self.into:
            raise SpecError("Merging", "is never and names types to merge into.", "Leave one of the two out.")


@dataclass(frozen=True, kw_only=True)
class CaseType(Part):
    """A kind of case: its process, whole limit, who may see it, and which data names it.

    `subject` is FEEL for the title, `category` FEEL for the class facet, `place` the key of the place field that
    decides the division. `rated` lets the reporter rate after closing. `watchers` are roles that see every case of
    this type in their scope besides the performers. `public` lets anybody open one, logged in or not. `answer` names
    the fields of later steps that the reporter reads: the refusal, what was done, the photos afterwards. `facts` names
    data an app or a member of staff may give at the opening beside the form, such as where a report came from.
    `return_reasons` names fields by which a step gives the work back: the reporter reads that and why at once.
    `merging` says what other cases may stand for one of these; without it only one of the same type may.
    """

    nodes: tuple[Node, ...]
    within: Limit | None = None
    subject: str | None = None
    category: str | None = None
    place: str | None = None
    rated: bool = False
    public: bool = False
    answer: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    return_reasons: tuple[str, ...] = ()
    watchers: tuple[Role | str, ...] = ()
    warn_at: tuple[int, ...] = (50, 80, 100)
    escalates: Mapping[int, Escalation] = field(default_factory=dict)
    merging: Merging | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.nodes:
            raise SpecError(f"CaseType '{self.key}'", "has no nodes.", "Begin with Start() and end with End().")
