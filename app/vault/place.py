"""Where the parts of a vault lie in its folder, for whoever only wants to know whether there is one.

A restored vault waits beside the folder until its last rename; a power cut there is made good by `settle`.
"""

from __future__ import annotations

from pathlib import Path

STORE = "register.db"
KEYS = "register.keys"


def restored_beside(folder: Path) -> Path:
    """Return where a restored vault, whole and proved, waits for the place of `folder`."""
    return folder.with_name(f"{folder.name}.restored")


def has_vault(folder: Path) -> bool:
    """Tell whether there is a vault: the key file is the last thing that making one writes."""
    return (folder / KEYS).exists() or _waits(folder)


def lacks_keys(folder: Path) -> bool:
    """Tell whether a store lies there without its key file: that was lost, or making the vault was cut off."""
    return not has_vault(folder) and (folder / STORE).exists()


def settle(folder: Path) -> None:
    """Give a restored vault its place if a power cut kept it from it; one that is in the way is never touched."""
    if _waits(folder):
        restored_beside(folder).rename(folder)


def _waits(folder: Path) -> bool:
    return not folder.exists() and (restored_beside(folder) / KEYS).exists()
