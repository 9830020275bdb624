"""Pages of the performance statistics."""
