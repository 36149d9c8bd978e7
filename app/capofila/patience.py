"""uvicorn's HTTP/1.1, with less patience: whoever opens a connection must ask something within some seconds.

Bodies have their own limit (`body.py`).
"""

from __future__ import annotations

import asyncio
import ipaddress

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.capofila.limit import network_of

HEAD_SECONDS = 10.0

MOST_OF_ONE = 100
"""Connections of one address. On loopback stands our own proxy, which speaks for everybody and has limits itself."""


class PatientProtocol(H11Protocol):
    """Closes a connection whose request does not come, or comes a letter at a time."""

    head_seconds = HEAD_SECONDS
    most_of_one = MOST_OF_ONE
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        if self._are_too_many():
            transport.close()
            return
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take bytes; wait on only while a request's head is not whole."""
        super().data_received(data)
        if self._is_between():
            self._wait()
        else:
            self._wait_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timer."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _are_too_many(self) -> bool:
        mine = _network(self)
        if mine is None:
            return False
        return sum(1 for other in self.connections if _network(other) == mine) > self.most_of_one

    def _is_between(self) -> bool:
        return self.conn.their_state is h11.IDLE

    def _wait(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self._give_up)

    def _wait_no_more(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        if self._is_between():
            self.transport.close()


def _network(connection: object) -> str | None:
    """Return what a connection is counted as; None on loopback and on a unix socket."""
    client = getattr(connection, "client", None)
    try:
        if not client or ipaddress.ip_address(client[0]).is_loopback:
            return None
    except ValueError:
        return None
    return network_of(client[0])
