"""Writes of the direct line; each is one transaction with its entry in the journal."""
