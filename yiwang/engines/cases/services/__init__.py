"""Every write of the case engine: one transaction each, history and outbox inside."""
