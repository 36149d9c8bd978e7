"""A line of what does not leave as it is: what, why, and what leaves in its place.

It names no category of people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.ui.colour import Tone


@dataclass(frozen=True, slots=True)
class ProtectedLine:
    """Something that does not leave as it is: what, why, and what leaves in its place."""

    what: str
    why: str
    leaves: str
    tone: Tone
    icon: str
