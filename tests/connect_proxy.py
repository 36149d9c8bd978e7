"""A small proxy on loopback that knows CONNECT alone, and notes what it was asked and what it carried."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ConnectProxy:
    """Carries every connection to the one place it is told, whatever name was asked for."""

    def __init__(self, to_port: int, password: bytes = b"") -> None:
        self.to_port, self.password = to_port, password
        self.asked: list[bytes] = []
        self.carried = bytearray()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client:
                client.settimeout(10)
                try:
                    self._carry(client)
                except OSError:
                    continue

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _carry(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(65536)
        self.asked.append(head)
        if not head.startswith(b"CONNECT "):
            client.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
            return
        if self.password and self.password not in head:
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", self.to_port), timeout=10) as server:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            while True:
                ready, _, _ = select.select([client, server], [], [], 10)
                for one in ready:
                    piece = one.recv(65536)
                    if not piece:
                        return
                    self.carried += piece
                    (server if one is client else client).sendall(piece)
                if not ready:
                    return


@contextmanager
def connecting(to_port: int, password: bytes = b"") -> Iterator[ConnectProxy]:
    proxy = ConnectProxy(to_port, password)
    thread = threading.Thread(target=proxy.serve)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join()
