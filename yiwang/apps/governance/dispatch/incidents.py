"""What dispatching knows of the city incident, by keys alone: its type, its steps, the units and levels of its data.

The incident is another app's; a step that a later version does not have simply has no rows.
"""

from __future__ import annotations

TYPE = "city_incident.incident"
APP = "city_incident"
HANDLING = {"village": "handle_village", "town": "handle", "district": "handle_district"}
"""The lead's task on each level."""
DISPATCHING = ("dispatch", "ruling")
FIELD = (*HANDLING.values(), "assist", "verify", "confirm")
"""Steps done on the spot: whoever completed one was there."""
LEVELS = {"village": "村居", "town": "镇街", "district": "区"}
UNITS = {"water": "水务", "urban": "城管", "traffic": "交通", "power": "供电"}
VILLAGE_UNIT = "village"
SOLVED = {
    "village": "performance.solved_in_village",
    "town": "performance.solved_in_town",
    "district": "performance.solved_in_district",
}
"""小事不出村、中事不出镇、大事不出区: indicators of the performance statistics, by text key."""
