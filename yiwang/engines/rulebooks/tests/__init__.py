"""Rulebooks, tried."""
