"""Page shell, tables, charts, map and htmx helpers; knows no domain."""
