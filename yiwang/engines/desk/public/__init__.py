"""The public side: home page, report, follow one's case without an account, rate."""
