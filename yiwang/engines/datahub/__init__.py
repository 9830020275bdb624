"""Datahub: facts as tables, declared by apps and kept fresh."""
