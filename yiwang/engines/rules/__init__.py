"""The rules engine: what follows from facts, and why.

Three nouns: an *expression* (FEEL text compiled once), a *decision table* (rules in rows), a *decision model* (what
decisions require). Invariants: evaluating never raises, never runs longer than its limits, and every null has a
reason. Enter by `spec` (words of an app) or `api` (calls).
"""
