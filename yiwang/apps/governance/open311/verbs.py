"""Verbs of the interface. Who holds them is a proposal."""

from __future__ import annotations

KEEP_KEYS = "open311.keys"
EDIT_SERVICES = "open311.services"
