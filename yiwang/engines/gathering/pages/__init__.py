"""Pages of gathering: the part on the case page, comparing, splitting, handling trips, reports nearby."""
