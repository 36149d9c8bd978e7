"""What every answer of the board carries, and what every form must bring back.

The gate puts HSTS and nosniff on every answer of the service.

The policy allows this server's own style and fonts and nothing else: no script, nothing inline, nothing from elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping

SESSION_COOKIE, ENTRY_COOKIE = "__Host-approdo", "__Host-approdo-entry"
"""`__Host-`: a browser takes them only with Secure, for the whole host, and sends them to no other."""

CSRF_FIELD = "csrf"

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Not no-referrer: with it browsers send their own forms from an origin called null.
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}


def cookie(name: str, value: str, *, seconds: int | None = None) -> str:
    """Return a Set-Cookie line; without `seconds` the browser forgets it when it closes."""
    age = "" if seconds is None else f"; Max-Age={seconds}"
    return f"{name}={value}; Path=/{age}; Secure; HttpOnly; SameSite=Strict"


def new_entry() -> str:
    """Return a random name for a browser that has not signed in yet."""
    return secrets.token_urlsafe(32)


def csrf_token(secret: str) -> str:
    """Return what a form must bring back: made from a cookie that no other site can read or set."""
    return hmac.new(secret.encode(), b"approdo.board.csrf/1", hashlib.sha256).hexdigest()


def is_ours(secret: str, token: str, fetch_site: str) -> bool:
    """Tell whether a form was made by us for this browser; browsers also say whose page has sent it."""
    if fetch_site not in ("", "same-origin", "none"):
        return False
    return hmac.compare_digest(csrf_token(secret).encode(), token.encode("utf-8", "replace"))
