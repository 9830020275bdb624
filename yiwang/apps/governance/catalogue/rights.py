"""Verbs of the catalogue. Who may do what is a proposal."""

from __future__ import annotations

EDIT_CLASSES = "classes.edit"
EDIT_COMPONENTS = "component.edit"
