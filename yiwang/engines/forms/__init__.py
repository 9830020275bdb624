"""The forms engine: what is asked: fields, validation, rendering."""
