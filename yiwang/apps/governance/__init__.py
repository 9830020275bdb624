"""一网统管: one folder per system."""
