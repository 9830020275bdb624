"""一网通办: one folder per system."""
