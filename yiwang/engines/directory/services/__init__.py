"""Every write of the directory: checked right, one transaction, an event inside."""
