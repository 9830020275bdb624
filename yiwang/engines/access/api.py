"""What other parts may call of access."""

from __future__ import annotations

from yiwang.engines.access.guards import NotLoggedIn, ask_to_log_in, staff_only
from yiwang.engines.access.services import LogInRefused, address_of, clear_expired
from yiwang.engines.access.tallies import forget_tallies, tally
from yiwang.engines.access.tokens import authenticate_token, end_token, make_token

__all__ = [
    "LogInRefused",
    "NotLoggedIn",
    "address_of",
    "ask_to_log_in",
    "authenticate_token",
    "clear_expired",
    "end_token",
    "forget_tallies",
    "make_token",
    "staff_only",
    "tally",
]
