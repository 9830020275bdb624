"""Cockpit: what it all means: indicators, league tables, wall and map."""
