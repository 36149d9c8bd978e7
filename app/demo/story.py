"""What the demo is making: its folder, its register, and what its summary will tell.

Nothing is done here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.demo.life import StoryClock
from app.reference.ids import HouseId
from app.services.outbox import OutboxRow
from app.services.register import Register

Progress = Callable[[str, int, int], None]
"""Told a text key, how much is done, and of how much."""


@dataclass(slots=True)
class Story:
    """What the demo made, for its summary."""

    folder: Path
    register: Register
    clock: StoryClock
    house: HouseId
    recovery: tuple[str, ...]
    waited: list[OutboxRow] = field(default_factory=list)
    register_rows: list[OutboxRow] = field(default_factory=list)

    def part(self, name: str) -> Path:
        """Return a folder of the demo, made if need be."""
        path = self.folder / name
        path.mkdir(parents=True, exist_ok=True)
        return path
