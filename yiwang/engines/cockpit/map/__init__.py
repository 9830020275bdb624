"""Where every case stands, in numbers: the table, its copy in memory, and the map drawn from it."""
