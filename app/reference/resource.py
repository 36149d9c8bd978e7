"""Find and read the files under `resources/`, in a checkout, an installed wheel or a frozen build.

It only reads; what a file means is the business of its caller.
"""

from __future__ import annotations

import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def resource_root() -> Path:
    """Return the folder that holds the program's resources."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen) / "resources"
    app = Path(__file__).resolve().parents[1]
    inside = app / "resources"  # where a wheel has them (setup.py)
    return inside if inside.is_dir() else app.parent / "resources"


def resource_path(name: str) -> Path:
    """Return the path of the resource `name`, written with forward slashes."""
    return resource_root().joinpath(*name.split("/"))


def read_bytes(name: str) -> bytes:
    """Return the bytes of a resource."""
    return resource_path(name).read_bytes()


def read_toml(name: str) -> dict[str, Any]:
    """Return a TOML resource as a dictionary."""
    return tomllib.loads(resource_path(name).read_text(encoding="utf-8"))
