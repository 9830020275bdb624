"""Reads of the centres; each takes the actor first."""
