"""One centre and four networks (一中心四张网): one folder per system, found by its app.py."""
