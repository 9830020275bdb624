"""Writes of the centres."""
