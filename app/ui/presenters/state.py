"""What several presenters say: a state as a chip tells it, a step in the life of something, the mood of a sentence.

No text and no rule here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from app.ui.colour import Tone

Mood = Literal["info", "ok", "warn", "error"]
"""How a whole page is told something."""


@dataclass(frozen=True, slots=True)
class State:
    """A state as a chip tells it: never by colour alone."""

    tone: Tone
    word: str
    icon: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step in a life; `done` is false for what is still to come."""

    title: str
    note: str
    done: bool
    tone: Tone
