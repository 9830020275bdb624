"""A connection that leaves the web server's threads: after the pages' checks the socket itself goes to the broadcaster.

A thread waiting on each screen would use up the server at eight screens. So the answer of this view is no body: when
the server begins to send it, the socket is taken out of its hands, and the server's connection object is left empty
(`project.connections` lets it go). Where there is no such socket, as in tests, the screen asks now and then instead.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Iterator

from django.http import HttpRequest, StreamingHttpResponse

SOCKET = "gunicorn.socket"
Taker = Callable[[socket.socket, bytes], None]


def can_take(request: HttpRequest) -> bool:
    """Whether the server lets go of its connections."""
    return isinstance(request.META.get(SOCKET), socket.socket)


class TakenOver(StreamingHttpResponse):
    """Hands the socket and the head of the answer, cookies and all, to `take` instead of sending a body."""

    def __init__(self, request: HttpRequest, take: Taker, content_type: str) -> None:
        super().__init__(self._hand_over(request.META[SOCKET], take), content_type=content_type)

    def _hand_over(self, held: socket.socket, take: Taker) -> Iterator[bytes]:
        take(socket.socket(fileno=held.detach()), self._head())
        # The server takes this for a visitor who left, which is what it looks like from there.
        raise OSError(errno.ENOTCONN, "taken over")
        yield b""

    def _head(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status_code} {self.reason_phrase}"]
        lines += [f"{name}: {value}" for name, value in self.items()]
        lines += [f"Set-Cookie: {cookie.OutputString()}" for cookie in self.cookies.values()]
        return "\r\n".join((*lines, "Connection: close", "", "")).encode("latin-1")
