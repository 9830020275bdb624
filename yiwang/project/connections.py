"""Threads for pages, as gunicorn has them, but a connection a page took over is let go instead of being closed."""

from __future__ import annotations

from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):  # type: ignore[misc]
    """Counts a taken connection as ended; its socket lives on in other hands (`cockpit.wall.taking_over`)."""

    def enqueue_req(self, conn: Any) -> None:
        """Serve a request of this connection in a thread, then look in the main thread what becomes of it."""
        served = self.tpool.submit(self.handle, conn)
        served.add_done_callback(lambda done: self.method_queue.defer(self.let_go_or_keep, conn, done))

    def let_go_or_keep(self, conn: Any, done: Any) -> None:
        """A taken connection has no socket any more; every other one is gunicorn's matter."""
        if conn.sock.fileno() < 0:
            self.nr_conns -= 1
        else:
            self.finish_request(conn, done)
