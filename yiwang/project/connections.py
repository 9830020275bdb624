"""Threads for pages, as gunicorn has them, but a connection a page took over is let go instead of being closed."""

from __future__ import annotations

from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):  # type: ignore[misc]
    """Counts a taken connection as ended; its socket lives on in other hands (`cockpit.wall.taking_over`)."""

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Called in the main thread after each request; `conn.sock` is empty when it was taken."""
        if conn.sock.fileno() < 0:
            self.nr_conns -= 1
        else:
            super().finish_request(conn, fs)
