"""The trust engine: what is true: the tamper-evident journal."""
