"""The worklists engine 工作列表: which cases and tasks wait for whom; search, saved filters, many at once."""
