"""Rulebooks: district rules as tables with effective dates; a case is judged by the rules of its day."""
