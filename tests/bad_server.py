"""Servers that misbehave, on real sockets: what a shelter meets on a hotel's Wi-Fi or on a bad day."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.capofila.key import Identity, tls_context

Handler = Callable[[socket.socket, threading.Event], None]


@dataclass(frozen=True)
class Place:
    """Where a server listens, and what a shelter has pinned for it."""

    url: str
    port: int
    pem: str


@contextmanager
def listening(handle: Handler, context: ssl.SSLContext | None, pem: str) -> Iterator[Place]:
    """Serve every connection with `handle`, one after the other, until the block ends."""
    stop = threading.Event()

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                try:
                    if context is None:
                        handle(connection, stop)
                    else:
                        with context.wrap_socket(connection, server_side=True) as protected:
                            handle(protected, stop)
                except OSError:
                    continue  # the client has had enough

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield Place(f"https://127.0.0.1:{port}", port, pem)
        finally:
            stop.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


@contextmanager
def capofila_that(handle: Handler, identity: Identity) -> Iterator[Place]:
    """Serve with the certificate that the shelter has pinned: the worst liar there can be."""
    with listening(handle, tls_context(identity), certificate(identity)) as place:
        yield place


def certificate(identity: Identity) -> str:
    pem = identity.tls_file.read_text()
    return pem[pem.index("-----BEGIN CERTIFICATE") :]


def read_request(connection: socket.socket) -> None:
    """Take the whole request, so that closing afterwards does not cut the answer off; raises OSError when it ends."""
    taken = b""
    while b"\r\n\r\n" not in taken:
        taken += _more(connection)
    head, _, body = taken.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
    length = int(lengths[0]) if lengths else 0
    while len(body) < length:
        body += _more(connection)


def _more(connection: socket.socket) -> bytes:
    piece = connection.recv(65536)
    if not piece:
        raise ConnectionResetError("the client has had enough")
    return piece


def says(answer: bytes) -> Handler:
    def handle(connection: socket.socket, _stop: threading.Event) -> None:
        read_request(connection)
        connection.sendall(answer)

    return handle


def response(status: str, content_type: str = "text/html", body: bytes = b"", *more: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join([*lines, *more, "", ""]).encode() + body


def reply(document: Any, status: str = "200 OK", content_type: str = "application/json") -> bytes:
    return response(status, content_type, json.dumps(document).encode())


def problem(reason: Any, **more: Any) -> bytes:
    return reply(
        {"type": "about:blank", "title": "No", "reason": reason, **more}, "409 Conflict", "application/problem+json"
    )
