"""Trying a process out without storing anything: a script of steps, the real step, the calendar of the notices."""
