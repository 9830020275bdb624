"""The door to cases: what the desk, the cockpit and apps may call."""

from __future__ import annotations

from yiwang.engines.cases.events import CaseMoved, MessageSent, Noticed
from yiwang.engines.cases.files import take_up
from yiwang.engines.cases.filling import form_at, form_of
from yiwang.engines.cases.models import VERSION_STATUSES
from yiwang.engines.cases.performing import perform, surroundings
from yiwang.engines.cases.rights import (
    allowed_verbs,
    has_verb,
    may_see,
    require_sight,
    roles_of,
)
from yiwang.engines.cases.selectors.deadlines import ClockView, clock_views
from yiwang.engines.cases.selectors.definitions import (
    Definition,
    Version,
    content,
    definition,
    definitions,
    faults_of,
)
from yiwang.engines.cases.selectors.effects import Stuck, StuckPage, stuck_effects
from yiwang.engines.cases.selectors.following import (
    REPORTER,
    Followed,
    Happened,
    Part,
    Stage,
    followed,
    reporter_of,
    secret_of,
)
from yiwang.engines.cases.selectors.listeners import Listeners, listeners_of
from yiwang.engines.cases.selectors.seeing import case_numbered, cases_under, newest, seen_cases
from yiwang.engines.cases.selectors.timelines import Happening, Timeline, passed, since, timeline
from yiwang.engines.cases.selectors.views import CaseView, FileView, TaskView, case_view
from yiwang.engines.cases.services.acting import act, new_case, open_case
from yiwang.engines.cases.services.checking import DefinitionFaulty
from yiwang.engines.cases.services.migrating import MigrationReport, Staying, look_at_migration, migrate_cases
from yiwang.engines.cases.services.outbox import retry
from yiwang.engines.cases.services.remarks import remark, watch
from yiwang.engines.cases.services.sweeping import ALL, ENGINE, Share, fire_due, sweep_all
from yiwang.engines.cases.services.versions import (
    publish,
    publish_number,
    published,
    register_apps,
    store_draft,
    versions,
)
from yiwang.engines.cases.store.loading import Running, claim, graph_of, look
from yiwang.engines.cases.store.saving import save
from yiwang.engines.cases.store.tables import open_cursor

__all__ = [
    "ALL", "ENGINE", "REPORTER", "VERSION_STATUSES", "CaseMoved", "CaseView", "ClockView", "Definition",
    "DefinitionFaulty", "FileView", "Followed", "Happened", "Happening", "Listeners", "MessageSent", "MigrationReport",
    "Noticed", "Part", "Running", "Share", "Stage", "Staying", "Stuck", "StuckPage", "TaskView", "Timeline",
    "Version", "act", "allowed_verbs", "case_numbered", "case_view", "cases_under", "claim", "clock_views",
    "content", "definition", "definitions", "faults_of", "fire_due", "followed", "form_at", "form_of", "graph_of",
    "has_verb", "listeners_of", "look", "look_at_migration", "may_see", "migrate_cases", "new_case", "newest",
    "open_case", "open_cursor", "passed", "perform", "publish", "publish_number", "published", "register_apps",
    "remark", "reporter_of", "require_sight", "retry", "roles_of", "save", "secret_of", "seen_cases", "since",
    "store_draft", "stuck_effects", "surroundings", "sweep_all", "take_up", "timeline", "versions", "watch",
]  # fmt: skip
