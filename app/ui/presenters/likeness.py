"""What is said of somebody who may be in the register already: where she is, and what makes her alike.

It asks nobody; who is alike is reckoned by `app.services.likeness`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.reference.format import day
from app.reference.ids import GuestId
from app.reference.texts import tr

if TYPE_CHECKING:
    from app.services.likeness import Likeness


@dataclass(frozen=True, slots=True)
class LikenessLine:
    """One of those who may be meant; `can_enter` when she is not here now, so that a new stay can begin."""

    guest: GuestId
    name: str
    code: str
    where: str
    why: str
    can_enter: bool


def likeness_line(told: Likeness) -> LikenessLine:
    """Return a likeness in words."""
    return LikenessLine(told.id, told.name_used, told.code, _where(told), reasons(told.reasons), not told.is_here)


def reasons(codes: tuple[str, ...]) -> str:
    """Return what agrees, such as *Nome simile, stesso anno di nascita, stessa cittadinanza*."""
    said = ", ".join(tr(f"search.reason_{code}") for code in codes)
    return said[:1].upper() + said[1:]


def _where(told: Likeness) -> str:
    if told.day is None:
        return tr("search.no_stay")
    return tr("search.is_in" if told.is_here else "search.was_in", house=told.house, day=day(told.day))
