"""Stories: a year of life told to the case engine, as test, demonstration and load at once."""
