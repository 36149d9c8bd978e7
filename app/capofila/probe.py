"""A container asks its service whether it is ready: exit code 0 when it is.

Run as a file and without anything of Approdo, so that it costs little. `APPRODO_PROBE` names another place: a URL, or
the path of a unix socket.
"""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import sys
from urllib.parse import urlsplit

PLACE = "https://127.0.0.1:8443"
SECONDS = 4


class _SocketConnection(http.client.HTTPConnection):
    """HTTP on a unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=SECONDS)
        self._path = path

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(SECONDS)
        self.sock.connect(self._path)


def is_ready(place: str) -> bool:
    """Whether the service at a place says that it is ready."""
    parts = urlsplit(place)
    link: http.client.HTTPConnection
    if place.startswith("/"):
        link = _SocketConnection(place)
    elif parts.scheme == "http":
        link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=SECONDS)
    else:
        # Nothing is told or believed here: it is our own service on this computer, with a certificate of its own.
        context = ssl._create_unverified_context()  # noqa: S323, SLF001
        link = http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=SECONDS, context=context)
    try:
        link.request("GET", "/health/ready")
        return link.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


if __name__ == "__main__":
    sys.exit(0 if is_ready(os.environ.get("APPRODO_PROBE", PLACE)) else 1)
