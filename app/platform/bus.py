"""Whether a D-Bus answers at all, asked before anything waits for it: a bus that hangs would hang the window.

Only addresses of this computer's own sockets are tried; nothing is started.
"""

from __future__ import annotations

import os
import socket
from urllib.parse import unquote

_SECONDS = 1.0
_SYSTEM = "unix:path=/run/dbus/system_bus_socket"


def system_bus() -> str | None:
    """Return the address of the system's bus if it answers."""
    return _first_that_answers(os.environ.get("DBUS_SYSTEM_BUS_ADDRESS") or _SYSTEM)


def session_bus() -> str | None:
    """Return the address of the bus of this desktop session if it answers."""
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    known = os.environ.get("DBUS_SESSION_BUS_ADDRESS") or (f"unix:path={folder}/bus" if folder else "")
    return _first_that_answers(known)


def _first_that_answers(addresses: str) -> str | None:
    return next((each for each in addresses.split(";") if _answers(each)), None)


def _answers(address: str) -> bool:
    """Begin the greeting that every bus understands, and see whether it is taken within a second."""
    place = _socket_of(address)
    if not place or not hasattr(socket, "AF_UNIX"):
        return False
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    link.settimeout(_SECONDS)
    try:
        link.connect(place)
        link.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
        return link.recv(64).startswith(b"OK")
    except OSError:
        return False
    finally:
        link.close()


def _socket_of(address: str) -> str:
    kind, _, rest = address.partition(":")
    if kind != "unix":
        return ""
    fields = dict(field.partition("=")[::2] for field in rest.split(","))
    if "abstract" in fields:
        return "\0" + unquote(fields["abstract"])
    return unquote(fields.get("path", ""))
