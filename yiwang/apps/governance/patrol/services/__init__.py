"""Every write of the patrol: leads, places, reports, misses."""
