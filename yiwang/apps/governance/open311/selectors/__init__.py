"""Reads of the interface; the actor comes first."""
