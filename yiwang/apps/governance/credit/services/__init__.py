"""Writes of credit: entries, scores kept for lists, frozen months, and what the cases of objection and repair bring."""
