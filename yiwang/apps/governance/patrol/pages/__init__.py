"""Pages of the patrol for supervisors, and the shell of the phone page."""
