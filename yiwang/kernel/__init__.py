"""The foundation: errors, clock, ids, events, app discovery, settings table. No Django models, no screens."""
