"""一网兴业: one folder per system."""
