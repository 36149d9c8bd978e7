"""The evening round as it goes from guest to guest: what is proposed, what was confirmed, what will be written.

It writes nothing; a state that nobody confirmed is written only when the operator confirms the rest as shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.reference.codelist import codelist
from app.reference.ids import StayId
from app.services.presence import RoundRow, states_here


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A guest of the round with the state that would be written."""

    row: RoundRow
    state: str
    confirmed: bool


class RoundSheet:
    """The lines of a night, in order of bed; those recorded already count as confirmed."""

    def __init__(self, rows: Sequence[RoundRow]) -> None:
        self.lines = [RoundLine(row, row.recorded or row.proposed, row.recorded is not None) for row in rows]
        self._touched = False

    @property
    def confirmed(self) -> int:
        """How many lines are confirmed."""
        return sum(line.confirmed for line in self.lines)

    @property
    def present(self) -> int:
        """How many would sleep here."""
        here = states_here()
        return sum(line.state in here for line in self.lines)

    @property
    def is_complete(self) -> bool:
        """Whether every line is confirmed."""
        return all(line.confirmed for line in self.lines)

    def next_open(self, after: int = -1) -> int | None:
        """Return the next line that is not confirmed, from the top again after the last; None when there is none."""
        count = len(self.lines)
        order = ((after + 1 + step) % count for step in range(count))
        return next((at for at in order if not self.lines[at].confirmed), None)

    def set_state(self, at: int, state: str) -> None:
        """Mark a guest; a state that somebody chose is confirmed."""
        self._put(at, replace(self.lines[at], state=state, confirmed=True))

    def confirm(self, at: int) -> None:
        """Confirm a line as it is shown."""
        self._put(at, replace(self.lines[at], confirmed=True))

    def states(self) -> dict[StayId, str]:
        """Return what is to be written: all that differs from the record."""
        return {line.row.stay: line.state for line in self.lines if line.state != line.row.recorded}

    def content(self) -> dict[str, object]:
        """Return what the operator has done so far, empty when nothing."""
        if not self._touched:
            return {}
        return {"states": {str(line.row.stay): line.state for line in self.lines if line.confirmed}}

    def restore(self, content: dict[str, object]) -> None:
        """Do again what `content` tells; guests who are no longer here and strange codes are passed over."""
        states = content.get("states")
        known = codelist("presence")
        for at, line in enumerate(self.lines):
            state = states.get(str(line.row.stay)) if isinstance(states, dict) else None
            if isinstance(state, str) and state in known:
                self.set_state(at, state)

    def _put(self, at: int, line: RoundLine) -> None:
        self._touched = self._touched or line != self.lines[at]
        self.lines[at] = line
