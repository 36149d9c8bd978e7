"""Where the parts of a vault lie in its folder, for whoever only wants to know whether there is one."""

from __future__ import annotations

from pathlib import Path

STORE = "register.db"
KEYS = "register.keys"


def has_vault(folder: Path) -> bool:
    """Tell whether there is a vault: the key file is the last thing that making one writes."""
    return (folder / KEYS).exists()
