"""The working_time engine: limits, calendars of notices, deadlines and why they fall when they do. No database."""
