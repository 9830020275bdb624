"""Machines with no government business in them; apps declare what they are in the words of these engines."""
