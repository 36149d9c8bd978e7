"""A place to go to: what a page is opened with when another asks for it, beyond a plain id.

It opens nothing; pages take it in `RegisterPage.open`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.reference.ids import GuestId
from app.services.calendar import Month


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


def to_plain(place: object) -> object:
    """Return a place as JSON can hold it; one that it cannot is no place."""
    match place:
        case GuestPlace(guest, tab):
            return {"guest": int(guest), "tab": tab}
        case NightPlace(guest, day):
            return {"guest": int(guest), "night": day.isoformat()}
        case Month():
            return {"month": str(place)}
        case int() | str():
            return place
    return None


def from_plain(plain: object) -> object:
    """Return the place that `to_plain` gave; anything else is none."""
    try:
        match plain:
            case {"guest": int() as guest, "tab": str() as tab}:
                return GuestPlace(GuestId(guest), tab)
            case {"guest": int() as guest, "night": str() as night}:
                return NightPlace(GuestId(guest), date.fromisoformat(night))
            case {"month": str() as month}:
                return Month.parse(month)
            case int() | str():
                return plain
    except ValueError:
        pass
    return None
