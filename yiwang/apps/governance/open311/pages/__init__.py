"""Pages and resources of the interface."""
