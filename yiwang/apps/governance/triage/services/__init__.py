"""Writes of triage; each is one transaction with its entry in the journal."""
