"""A place to go to: what a page is opened with when another asks for it, beyond a plain id.

It opens nothing; pages take it in `RegisterPage.open`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.reference.ids import GuestId


@dataclass(frozen=True, slots=True)
class GuestPlace:
    """A guest's card at one of its tabs, also when she is not in the list of the house in view; no tab: as it is."""

    guest: GuestId
    tab: str = ""


@dataclass(frozen=True, slots=True)
class NightPlace:
    """A night of a guest in the month of presences: where the cursor is to stand."""

    guest: GuestId
    day: date
