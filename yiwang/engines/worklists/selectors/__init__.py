"""Reads of work lists. The actor comes first; rows are already those it may see."""
