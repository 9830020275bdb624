"""Where cases live between steps: claim rows, read their tokens in the next statement, write back set by set."""
