"""What other parts may call of access."""

from __future__ import annotations

from yiwang.engines.access.services import LogInRefused, clear_expired
from yiwang.engines.access.tokens import authenticate_token, end_token, make_token

__all__ = ["LogInRefused", "authenticate_token", "clear_expired", "end_token", "make_token"]
