"""The directory engine: who and where: divisions, organisations, posts, people, firms, calendars."""
