"""The body of a request, read no further and no longer than it may go."""

from __future__ import annotations

import asyncio

from starlette.requests import Request

LARGEST_BODY = 16 * 1024
BODY_SECONDS = 20.0
"""A package of 6 KiB passes in a second on the worst line that still is one."""


class BodyTooLarge(Exception):
    """More bytes came than the request needs."""


class BodyTooSlow(Exception):
    """The bytes did not come in time."""


async def read_body(request: Request, most: int = LARGEST_BODY, seconds: float = BODY_SECONDS) -> bytes:
    """Return the body; raises BodyTooLarge or BodyTooSlow, which become problem documents."""
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    raise BodyTooLarge
    except TimeoutError:
        raise BodyTooSlow from None
    return bytes(body)
