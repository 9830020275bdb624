"""Reads of credit, each for an actor."""
