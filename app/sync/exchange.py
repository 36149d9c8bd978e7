"""One question to a server and its answer, with every way of failing told by one code.

It knows https, time limits and sizes; it does not know what is asked. It follows no redirect and keeps no connection.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

from app.errors import CapofilaNotReached

if TYPE_CHECKING:
    import httpx

Why = Literal[
    "down", "name", "timeout", "tls_untrusted", "tls_dates", "tls_broken", "proxy", "redirected", "too_large",
    "server_error", "busy", "rubbish",
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


def pinned(pem: str) -> ssl.SSLContext:
    """Return the trust in one certificate and in no authority."""
    return ssl.create_default_context(cadata=pem)


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
) -> Answer:
    """Ask once and return the answer; blocks for `timeouts.total` seconds at most, plus the system's name lookup.

    Raises CapofilaNotReached with a `Why` when there is no answer of a size and kind that could be a capofila's.
    """
    # A loop of its own for one request: only asyncio can bound the whole of it, a server that drips one byte at a
    # time included.
    return asyncio.run(_ask(method, url, trust=trust, timeouts=timeouts, headers=dict(headers or {}), content=content))


async def _ask(
    method: str,
    url: str,
    *,
    trust: ssl.SSLContext,
    timeouts: Timeouts,
    headers: dict[str, str],
    content: bytes | None,
) -> Answer:
    import httpx

    headers = {"User-Agent": "approdo", "Accept-Encoding": "identity", **headers}
    # Well under the total, for both handshakes: httpcore leaves the socket open when one is cancelled from outside.
    limits = httpx.Timeout(timeouts.total, connect=min(timeouts.connect, timeouts.total / 4))
    try:
        async with (
            asyncio.timeout(timeouts.total),
            httpx.AsyncClient(verify=trust, timeout=limits, follow_redirects=False, trust_env=True) as client,
            client.stream(method, url, headers=headers, content=content) as response,
        ):
            return await _read(response)
    except (TimeoutError, httpx.TimeoutException):
        raise CapofilaNotReached(why="timeout") from None
    except httpx.HTTPError as error:
        raise CapofilaNotReached(why=_why(error)) from None
    except (ImportError, ValueError, httpx.InvalidURL):  # the system's proxy settings name what cannot be used
        raise CapofilaNotReached(why="proxy") from None


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
    tls = response.extensions["network_stream"].get_extra_info("ssl_object")
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
        case 408 | 425 | 429:
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

    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                dates = cause.verify_code in (_CERTIFICATE_NOT_YET_VALID, _CERTIFICATE_EXPIRED)
                return "tls_dates" if dates else "tls_untrusted"
            case ssl.SSLError():
                return "tls_broken"
            case socket.gaierror():
                return "name"
            case httpx.ProxyError():
                return "proxy"
            case httpx.ConnectError() | httpx.ReadError() | httpx.WriteError():
                continue
            case httpx.RemoteProtocolError() | httpx.DecodingError():
                return "rubbish"
    return "down"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the causes of an error, the innermost first."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or current.__context__
    yield from reversed(chain)
