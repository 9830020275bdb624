"""一网协同: one folder per system."""
