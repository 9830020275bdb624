"""What the directory tells ends up in the journal."""

from __future__ import annotations

import json
from uuid import UUID

from yiwang.engines.directory.api import SYSTEM, DirectoryChanged, PartyRevealed
from yiwang.engines.trust import api
from yiwang.kernel.events import publish


def test_directory_changes_are_journalled_in_the_subjects_stream(db):
    publish(DirectoryChanged("posting.opened", "user/12", SYSTEM, "440605121", {"post": 3}))
    publish(DirectoryChanged("posting.closed", "user/12", SYSTEM, "440605121", {"post": 3}))
    publish(DirectoryChanged("posting.opened", "user/13", SYSTEM))
    rows = api.history(SYSTEM, "user/12")
    assert [(row.kind, row.division, row.actor_name) for row in rows] == [
        ("posting.opened", "440605121", "系统"),
        ("posting.closed", "440605121", "系统"),
    ]
    assert json.loads(rows[0].payload) == {"post": 3}


def test_reading_a_number_in_the_clear_leaves_a_trace(db):
    party = UUID("0192d1f0-0000-7000-8000-000000000001")
    publish(PartyRevealed(party, "id_number", SYSTEM, "核对身份"))
    (row,) = api.history(SYSTEM, f"party/{party}")
    assert (row.kind, json.loads(row.payload)["reason"]) == ("party.revealed", "核对身份")
