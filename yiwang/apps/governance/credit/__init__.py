"""信用评价: credit of departments, towns, inspectors and inspected firms, recomputed from entries that never change."""
