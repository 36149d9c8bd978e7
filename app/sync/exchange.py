"""One question to a server and its answer, with every way of failing told by one code.

It knows https, time limits and sizes; it does not know what is asked. It follows no redirect and keeps no connection.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from app.errors import CapofilaNotReached

if TYPE_CHECKING:
    import httpx

Why = Literal[
    "down", "name", "timeout", "tls_untrusted", "tls_dates", "tls_broken", "proxy", "redirected", "too_large",
    "server_error", "busy", "rubbish", "cut", "stopped", "pin_broken",
]  # fmt: skip
"""Why nobody answered as a capofila does; each has a sentence `error.not_reached_<why>`."""

WHYS: Final[tuple[str, ...]] = get_args(Why)
LARGEST_ANSWER: Final = 64 * 1024

_CERTIFICATE_NOT_YET_VALID, _CERTIFICATE_EXPIRED = 9, 10  # X509_V_ERR_*, openssl/x509_vfy.h


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait, in seconds: for a connection, and for everything together."""

    connect: float = 5.0
    total: float = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; `certificate` is its own in DER."""

    status: int
    content_type: str
    body: bytes
    certificate: bytes


class Hangup:
    """Lets another thread end a question that is under way; it is good for all questions asked with it.

    Once `end` was called, everything asked with it is over, also what is asked later.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._over = False
        self._cut: Callable[[], object] | None = None

    @property
    def is_over(self) -> bool:
        """Whether `end` was called."""
        return self._over

    def end(self) -> None:
        """End what is under way; returns at once."""
        with self._guard:
            self._over = True
            if self._cut is not None:
                self._cut()

    def attach(self, cut: Callable[[], object] | None) -> None:
        """Take what ends the question under way, None when it is over by itself."""
        with self._guard:
            self._cut = cut
            if self._over and cut is not None:
                cut()


@dataclass(frozen=True, slots=True)
class Line:
    """The way out of this computer: `proxy` where the system names one, None for the environment's or none at all.

    `transport` is another way to carry a request in tests.
    """

    proxy: str | None = None
    hangup: Hangup = field(default_factory=Hangup)
    transport: httpx.AsyncBaseTransport | None = None


class _Lookups(ThreadPoolExecutor):
    """Looks names up, each on a thread that nobody waits for: the system may take half a minute over one."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # Any: the pool's own types
        future: Future[Any] = Future()

        def look() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 - it is handed on, not swallowed
                future.set_exception(error)

        threading.Thread(target=look, name="approdo-lookup", daemon=True).start()
        return future


def pinned(pem: str) -> ssl.SSLContext:
    """Return the trust in one certificate and in no authority; raises CapofilaNotReached when it is none."""
    if not pem.strip():
        raise CapofilaNotReached(why="pin_broken")  # an empty one would stand for all authorities
    try:
        return ssl.create_default_context(cadata=pem)
    except (ssl.SSLError, ValueError, TypeError):
        raise CapofilaNotReached(why="pin_broken") from None


def public_authorities() -> ssl.SSLContext:
    """Return the trust in the public authorities (and in SSL_CERT_FILE, where a company sets it)."""
    import httpx

    return httpx.create_ssl_context()


def nobody_yet() -> ssl.SSLContext:
    """Return a context that only looks at a certificate, so that it can be compared; nothing secret goes over it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def ask(
    method: str,
    url: str,
    *,
    trust: ssl.SSLContext,
    timeouts: Timeouts,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    line: Line | None = None,
) -> Answer:
    """Ask once and return the answer; blocks for `timeouts.total` seconds at most.

    Raises CapofilaNotReached with a `Why` when there is no answer of a size and kind that could be a capofila's, and
    with `stopped` when somebody hung up.
    """
    line = line or Line()
    # A loop of its own for one request: only asyncio can bound the whole of it, a server that drips one byte at a
    # time included, and only it can be told from another thread to stop.
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        loop.set_default_executor(_Lookups())
        asked = loop.create_task(_ask(_Request(method, url, dict(headers or {}), content), trust, timeouts, line))
        line.hangup.attach(lambda: loop.call_soon_threadsafe(asked.cancel))
        try:
            return runner.run(_finish(asked))
        except asyncio.CancelledError:
            raise CapofilaNotReached(why="stopped") from None
        finally:
            line.hangup.attach(None)


async def _finish(asked: asyncio.Task[Answer]) -> Answer:
    return await asked


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    headers: dict[str, str]
    content: bytes | None


async def _ask(request: _Request, trust: ssl.SSLContext, timeouts: Timeouts, line: Line) -> Answer:
    import httpx

    headers = {"User-Agent": "approdo", "Accept-Encoding": "identity", **request.headers}
    limits = httpx.Timeout(timeouts.total, connect=min(timeouts.connect, timeouts.total / 4))
    opened: list[Any] = []

    async def note(name: str, about: dict[str, Any]) -> None:
        if name.endswith("connect_tcp.complete"):
            opened.append(about["return_value"])

    try:
        async with (
            asyncio.timeout(timeouts.total),
            httpx.AsyncClient(
                verify=trust, timeout=limits, follow_redirects=False, proxy=line.proxy, transport=line.transport
            ) as client,
            client.stream(
                request.method, request.url, headers=headers, content=request.content, extensions={"trace": note}
            ) as response,
        ):
            return await _read(response)
    except (TimeoutError, httpx.TimeoutException):
        raise CapofilaNotReached(why="timeout") from None
    except httpx.HTTPError as error:
        raise CapofilaNotReached(why=_why(error)) from None
    except (ImportError, ValueError, httpx.InvalidURL):  # the system's proxy settings name what cannot be used
        raise CapofilaNotReached(why="proxy") from None
    finally:
        for stream in opened:  # httpcore leaves a socket open when a handshake is cancelled from outside
            await stream.aclose()
        await asyncio.sleep(0)  # a turn of the loop, in which a socket is really closed


async def _read(response: httpx.Response) -> Answer:
    refused = _why_status(response.status_code)
    if refused is None and "content-encoding" in response.headers:
        refused = "rubbish"
    if refused is not None:
        raise CapofilaNotReached(why=refused)
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise CapofilaNotReached(why="too_large")
    stream = response.extensions.get("network_stream")
    tls = stream.get_extra_info("ssl_object") if stream is not None else None
    return Answer(
        status=response.status_code,
        content_type=response.headers.get("content-type", "").partition(";")[0].strip().lower(),
        body=bytes(body),
        certificate=tls.getpeercert(binary_form=True) if tls is not None else b"",
    )


def _why_status(status: int) -> Why | None:
    match status:
        case 407:
            return "proxy"
        case 408 | 425 | 429 | 503:
            return "busy"
        case 511:  # Network Authentication Required, RFC 6585: a portal that wants a login
            return "redirected"
        case _ if 300 <= status < 400:
            return "redirected"
        case _ if status >= 500:
            return "server_error"
    return None


def _why(error: BaseException) -> Why:
    import httpx

    if isinstance(error, httpx.ReadError | httpx.WriteError | httpx.CloseError):
        return "cut"  # after both handshakes: part of the question, or all of it, may have arrived
    if isinstance(error, httpx.RemoteProtocolError | httpx.DecodingError):
        return "cut" if "disconnected" in str(error) else "rubbish"
    if isinstance(error, httpx.ProxyError):
        return "proxy"
    return next((why for cause in _causes(error) if (why := _why_unconnected(cause)) is not None), "down")


def _why_unconnected(cause: BaseException) -> Why | None:
    match cause:
        case ssl.SSLCertVerificationError():
            dates = cause.verify_code in (_CERTIFICATE_NOT_YET_VALID, _CERTIFICATE_EXPIRED)
            return "tls_dates" if dates else "tls_untrusted"
        case ssl.SSLError():
            return "tls_broken"
        case socket.gaierror():
            return "name"
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the causes of an error, the innermost first."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or current.__context__
    yield from reversed(chain)
