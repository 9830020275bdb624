"""One case: its tasks and verbs, form data, clocks, timeline, attachments, remarks, print."""
