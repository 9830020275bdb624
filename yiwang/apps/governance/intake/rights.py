"""Verbs of intake. Who holds them is a proposal."""

from __future__ import annotations

READ, AGAIN, SEND = "intake.read", "intake.again", "intake.send"
