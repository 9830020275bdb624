"""Exchange: other systems: signed events in both directions, one id and one status."""
