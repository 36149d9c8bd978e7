"""Where each operator was when the register locked, in ids alone, and what came to its end behind the lock.

It lasts as long as the program runs. Another one finds her own place, never somebody else's: where a colleague was says
what she was doing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.reference.ids import HouseId, OperatorId
    from app.ui.half_filled import Waiting

FIRST_PAGE = "today"


@dataclass(slots=True)
class Whereabouts:
    """One operator's place."""

    page: str = FIRST_PAGE
    house: HouseId | None = None
    place: object = None
    was_saved: bool = False
    """Whether the last lock came while something was being saved, and it was."""
    is_known: bool = False
    later: list[tuple[str, str]] = field(default_factory=list)
    """What is told at her next opening, as mood and sentence; it names nobody."""

    def begin_at(self, waiting: Iterable[Waiting]) -> None:
        """Begin where a form waits half filled, if nothing else is known of her: the last that says where."""
        if self.is_known:
            return
        for each in waiting:
            if each.page:
                self.page, self.house, self.place = each.page, each.house, each.place


class EveryWhereabouts:
    """The places of all operators; who came in with a code or cards is remembered by nobody."""

    def __init__(self) -> None:
        self._of: dict[OperatorId, Whereabouts] = {}
        self.now = Whereabouts()

    def take(self, who: OperatorId | None) -> Whereabouts:
        """Return the place of whoever opened the register; from now on it is hers that is kept."""
        self.now = Whereabouts() if who is None else self._of.setdefault(who, Whereabouts())
        return self.now

    def forget(self) -> None:
        """Forget them all: another register may be opened now."""
        self._of = {}
        self.now = Whereabouts()
