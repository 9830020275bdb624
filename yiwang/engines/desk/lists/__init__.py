"""Work lists: what waits for me, my post, my unit; search, saved filters, bulk actions."""
