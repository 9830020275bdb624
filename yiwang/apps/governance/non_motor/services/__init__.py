"""Writes: violations, measures, alarms, accidents and lists brought in."""
