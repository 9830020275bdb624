"""Reads, each for an actor."""
