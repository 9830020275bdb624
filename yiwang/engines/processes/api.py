"""The door to processes: what engines above may call."""

from __future__ import annotations

from yiwang.engines.processes import clocks
from yiwang.engines.processes.bundle import bundle_of
from yiwang.engines.processes.errors import (
    CaseEnded,
    NotYours,
    NoWayOut,
    ReasonMissing,
    StepTaken,
    TooManySteps,
    VerbRefused,
)
from yiwang.engines.processes.graph import ACTIVITIES, NODE_KINDS, Flow, Graph, GraphNode, limit_of
from yiwang.engines.processes.lint import Finding, check_bundle
from yiwang.engines.processes.migration import (
    Inspector,
    Moves,
    Obstacle,
    UnknownPlace,
    carried,
    check_sources,
    moves_between,
)
from yiwang.engines.processes.state import (
    ALARMS,
    PERSONAL,
    ROOT,
    CaseState,
    Clock,
    Command,
    Effect,
    Outcome,
    Scope,
    Token,
)
from yiwang.engines.processes.step import VERBS, Surroundings, Verb, step
from yiwang.engines.processes.step.returning import return_targets

__all__ = [
    "ACTIVITIES",
    "ALARMS",
    "NODE_KINDS",
    "PERSONAL",
    "ROOT",
    "VERBS",
    "CaseEnded",
    "CaseState",
    "Clock",
    "Command",
    "Effect",
    "Finding",
    "Flow",
    "Graph",
    "GraphNode",
    "Inspector",
    "Moves",
    "NoWayOut",
    "NotYours",
    "Obstacle",
    "Outcome",
    "ReasonMissing",
    "Scope",
    "StepTaken",
    "Surroundings",
    "Token",
    "TooManySteps",
    "UnknownPlace",
    "Verb",
    "VerbRefused",
    "bundle_of",
    "carried",
    "check_bundle",
    "check_sources",
    "clocks",
    "limit_of",
    "moves_between",
    "return_targets",
    "step",
]
