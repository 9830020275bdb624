"""Yiwang (一网): a district's digital government on one machine."""
