"""Verbs of triage. Who holds them is a proposal."""

from __future__ import annotations

TRANSFER, REVEAL, EDIT_TRIAGE, LEARN = "emergency.transfer", "emergency.reveal", "triage.edit", "triage.learn"
