"""What people do from a list: keep a search, take one verb on many cases."""
