"""Tell whether there is a screen to show a window on.

Only asked on Linux; elsewhere there always is one.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path


def has_screen() -> bool:
    """Return whether a Wayland or X11 server really answers, not only whether a variable names one."""
    if not sys.platform.startswith("linux"):
        return True
    return _wayland() or _x11()


def _wayland() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY")
    if not name:
        return False
    folder = Path(os.environ.get("XDG_RUNTIME_DIR", "/run/user/0"))
    return _answers(socket.AF_UNIX, str(folder / name))


def _x11() -> bool:
    display = os.environ.get("DISPLAY", "")
    host, colon, rest = display.partition(":")
    number = rest.split(".")[0]
    if not colon or not number.isdecimal():
        return False
    if host:
        return _answers(socket.AF_INET, (host, 6000 + int(number)))
    return _answers(socket.AF_UNIX, f"/tmp/.X11-unix/X{number}") or _answers(  # noqa: S108 - where X11 has it
        socket.AF_UNIX, f"\0/tmp/.X11-unix/X{number}"
    )


def _answers(family: socket.AddressFamily, address: object) -> bool:
    link = socket.socket(family, socket.SOCK_STREAM)
    link.settimeout(2)
    try:
        link.connect(address)  # type: ignore[arg-type]  # a path or a pair, by family
    except OSError:
        return False
    finally:
        link.close()
    return True
