"""The rules engine: what follows: FEEL expressions and decision tables."""
