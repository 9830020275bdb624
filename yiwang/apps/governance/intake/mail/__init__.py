"""Mail as it comes: read, sorted, kept in folders. Nothing here knows of cases."""
