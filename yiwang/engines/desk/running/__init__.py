"""Running the platform: definitions of case types, and effects that did not get through."""
