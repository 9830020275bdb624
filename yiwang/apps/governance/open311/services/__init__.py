"""Writes of the interface; each is one transaction."""
