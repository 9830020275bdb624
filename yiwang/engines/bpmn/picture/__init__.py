"""The drawing of a process: inline SVG with classes only, and the same told as an ordered list."""
