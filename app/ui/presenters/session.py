"""How it is said whether this computer tells when its screen is locked and when it goes to sleep.

Plain Python; what is heard is `app.platform.session`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from app.reference.texts import tr


class RecognisedLike(Protocol):
    """What a computer tells of, as `app.platform.session.Recognised` has it."""

    @property
    def sleep(self) -> bool:
        """That it goes to sleep."""

    @property
    def screen(self) -> bool:
        """That its screen is locked, or another user takes it."""


@dataclass(frozen=True, slots=True)
class SessionWords:
    """A word for the chip, with its tone and icon, and one sentence more."""

    tone: Literal["primary", "amber"]
    word: str
    icon: str
    more: str


def session_words(found: RecognisedLike | None) -> SessionWords:
    """Say what is recognised; nothing known counts as nothing recognised."""
    sleep, screen = (found.sleep, found.screen) if found is not None else (False, False)
    if screen:
        more = tr("session.both" if sleep else "session.screen_only")
        return SessionWords("primary", tr("session.recognised"), "check", more)
    return SessionWords(
        "amber", tr("session.unknown"), "warning", tr("session.sleep_only" if sleep else "session.none")
    )
