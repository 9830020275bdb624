"""Sessions in the database, as Django keeps them, read by one plain statement: every request of everybody asks."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connections, router
from django.utils import timezone

_DATA = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(DatabaseStore):
    """Writing, signing and ending are Django's own."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and a new key at the next save, when it has ended or never was."""
        with connections[router.db_for_read(self.model)].cursor() as cursor:
            cursor.execute(_DATA, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])
