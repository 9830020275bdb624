"""区长直通车: the call desk of the district, from the first ring to the callback."""
