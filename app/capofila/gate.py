"""What stands before every request: whose address it is, how often it asks, its number, its line in the log.

It reads no body and knows no rule of receiving.
"""

from __future__ import annotations

import ipaddress
import secrets
import time
from collections import Counter
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.capofila.limit import Limit, network_of
from app.capofila.log import say
from app.capofila.problem import problem

MOST_AT_ONCE = 100
"""Requests that are being answered; one whose body is still coming takes no place."""

MOST_OF_ONE = 20
"""Requests of one address in hand, those whose body is still coming too."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
_LIVE = "/health/live"
_HEALTH = (_LIVE, "/health/ready")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Proxies:
    """The reverse proxies that are believed about the address and the scheme of who asks.

    A request on a unix socket has no address: only the proxy can write there, so it is believed.
    """

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        self._trusted: tuple[Network, ...] = tuple(ipaddress.ip_network(each, strict=False) for each in trusted)

    def resolve(self, scope: Scope) -> tuple[str | None, str]:
        """Return the address of whoever asks and the scheme they used."""
        client = scope.get("client")
        peer, scheme = client[0] if client else None, str(scope.get("scheme", "http"))
        if not self._is_trusted(peer):
            return peer, scheme
        headers = Headers(scope=scope)
        if headers.get("x-forwarded-proto", "").strip() in ("http", "https"):
            scheme = headers["x-forwarded-proto"].strip()
        # The last entry is what our proxy saw itself; those before it anybody can write.
        for entry in reversed(",".join(headers.getlist("x-forwarded-for")).split(",")):
            address = entry.strip()
            if not _is_address(address):
                break
            peer = address
            if not self._is_trusted(address):
                break
        return peer, scheme

    def _is_trusted(self, peer: str | None) -> bool:
        if not self._trusted:
            return False
        if not peer:
            return True
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._trusted)


class Gate:
    """An ASGI application around another one."""

    def __init__(self, app: ASGIApp, limit: Limit, proxies: Proxies | None = None, most: int = MOST_AT_ONCE) -> None:
        self._app = app
        self._limit = limit
        self._proxies = proxies or Proxies()
        self._most = most
        self._inside = 0
        self._of: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or turn it away when there are too many."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, number = time.monotonic(), secrets.token_hex(8)
        address, scope["scheme"] = self._proxies.resolve(scope)
        scope["client"] = (address, 0) if address is not None else None
        scope.setdefault("state", {})["request_id"] = number
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, number, scope["scheme"])
            await send(message)

        async def take() -> Message:
            # Whoever is still sending keeps nobody out.
            self._inside -= 1
            try:
                return await receive()
            finally:
                self._inside += 1

        who = network_of(address)
        self._inside += 1
        self._of[who] += 1
        try:
            await self._let_through(scope, take, answer, who)
        finally:
            self._inside -= 1
            self._of[who] -= 1
            if not self._of[who]:
                del self._of[who]
            if not (scope["path"] in _HEALTH and status == 200):
                route = scope.get("route")
                say(
                    "request",
                    request_id=number,
                    method=scope["method"] if scope["method"] in _METHODS else "OTHER",
                    route=getattr(route, "path", "none"),
                    status=status,
                    ms=round((time.monotonic() - begun) * 1000, 1),
                )

    async def _let_through(self, scope: Scope, receive: Receive, send: Send, who: str) -> None:
        wait = self._wait(scope["path"], who)
        if wait:
            await problem("too_many", wait=wait)(scope, receive, send)
        elif self._inside > self._most and scope["path"] not in _HEALTH:
            await problem("busy", wait=2)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _wait(self, path: str, who: str) -> int:
        if path == _LIVE or self._limit.is_off:  # that costs nothing, and must be answered in any case
            return 0
        return 1 if self._of[who] > MOST_OF_ONE else self._limit.take(who)


def _add_headers(message: Message, number: str, scheme: str) -> None:
    headers = MutableHeaders(scope=message)
    headers["X-Request-Id"] = number
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Cache-Control", "no-store")
    if scheme == "https":
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
