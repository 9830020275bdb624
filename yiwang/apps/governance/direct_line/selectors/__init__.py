"""Reads of the direct line; each takes the actor first."""
