"""Pages of the safety of electric bicycles."""
