"""The evening round as it goes from guest to guest: what is proposed, what was confirmed, what will be written.

It writes nothing; a state that nobody confirmed is written only when the operator confirms the rest as shown. The
meals of the day follow the states as the register would propose them, until somebody says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.reference.codelist import codelist
from app.reference.ids import StayId
from app.services.meal import MealSheet
from app.services.presence import RoundRow, states_here
from app.services.round import RoundDraft, RoundNight
from app.services.signature import SignedNight
from app.ui.presenters.draft import as_text
from app.ui.presenters.meal_board import LETTERS, Kinds, MealBoard, read_changes


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A guest of the round with the state and the meals that would be written."""

    row: RoundRow
    state: str
    confirmed: bool
    kinds: Kinds = ()


@dataclass(frozen=True, slots=True)
class RoundHead:
    """The room of the lines that follow; empty for guests without a bed."""

    room: str


class RoundSheet:
    """The lines of a night, by room; those recorded already count as confirmed."""

    def __init__(self, night: RoundNight) -> None:
        self.night = night.night
        self.signed: SignedNight | None = night.signed
        self.note_open = night.note_open
        # A night that is signed asks for a new signature only of somebody who changes it or signs anew.
        self.initials = self._initials_before = "" if night.signed else night.initials
        self._minors = night.minors
        self.note = self._note_before = night.signed.note if night.signed else ""
        self.lines = [RoundLine(row, row.recorded or row.proposed, row.recorded is not None) for row in night.rows]
        self._meals = night.meals
        self._at = {row.stay: at for at, row in enumerate(night.meals.rows)}
        self.board = MealBoard(self._proposed())
        self._touched = False
        for at in range(len(self.lines)):
            self._put(at, self.lines[at], touch=False)

    # --- what is shown

    @property
    def offered(self) -> Kinds:
        """The kinds of meal that the house proposes; none where nobody writes meals down."""
        return self._meals.offered

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

    def left_alone(self) -> list[str]:
        """Return the minors who would sleep here while no adult of theirs does, by the states shown."""
        here = states_here()
        sleeps = {line.row.stay: line.state in here for line in self.lines}
        return [
            minor.name_used
            for minor in self._minors
            if sleeps.get(minor.stay) and not any(sleeps.get(adult) for adult in minor.adults)
        ]

    def entries(self) -> list[RoundHead | RoundLine]:
        """Return the lines with their rooms as headings; a house without rooms in use has none."""
        entries: list[RoundHead | RoundLine] = []
        rooms = any(line.row.room for line in self.lines)
        before: str | None = None
        for line in self.lines:
            if rooms and line.row.room != before:
                entries.append(RoundHead(line.row.room))
                before = line.row.room
            entries.append(line)
        return entries

    def others(self, at: int) -> Kinds:
        """Return a guest's meals that the house does not propose."""
        return tuple(kind for kind in self.lines[at].kinds if kind not in self.offered)

    def meals(self) -> int:
        """Return how many meals, or self-catering days, would be written."""
        counted = codelist("meal_kind")
        sheet = self.board.sheet
        days = sheet.kinds().get("AUT", 0) if "AUT" in self.offered else 0
        return days or sum(counted.get(kind).flag("counted") for row in sheet.rows for kind in row.kinds)

    def next_open(self, after: int = -1) -> int | None:
        """Return the next line that is not confirmed, from the top again after the last; None when there is none."""
        count = len(self.lines)
        order = ((after + 1 + step) % count for step in range(count))
        return next((at for at in order if not self.lines[at].confirmed), None)

    # --- what is done

    def set_state(self, at: int, state: str) -> None:
        """Mark a guest; a state that somebody chose is confirmed."""
        self._put(at, replace(self.lines[at], state=state, confirmed=True))

    def confirm(self, at: int) -> None:
        """Confirm a line as it is shown."""
        self._put(at, replace(self.lines[at], confirmed=True))

    def toggle_meal(self, at: int, key: str) -> str | None:
        """Give or take the meal of a key: 1 and on for those proposed, a letter for the others, 0 for all of them.

        Returns what is to be said of the rules it met, perhaps nothing; None when the key means no meal here.
        """
        row = self._at.get(self.lines[at].row.stay)
        if row is None or not self.offered or not key:
            return None
        if key == "0":
            said = self._toggle_all(row)
        elif key.isdecimal() and int(key) <= len(self.offered):
            said = self.board.toggle(row, self.offered[int(key) - 1]).said
        elif key.upper() in LETTERS:
            said = self.board.toggle(row, LETTERS[key.upper()]).said
        else:
            return None
        self._put(at, self.lines[at], touch=True)
        return said

    def _toggle_all(self, row: int) -> str:
        if not self.board.kinds(row):
            said = [self.board.toggle(row, kind).said for kind in self.offered]  # all of them, whatever is said of one
            return next(filter(None, said), "")
        # Taking a meal away may bring back the one whose place it took.
        while kinds := self.board.kinds(row):
            self.board.toggle(row, kinds[0])
        return ""

    # --- what is written

    def draft(self) -> RoundDraft | None:
        """Return what is to be written, or None when the night is signed already and nothing differs."""
        states = {line.row.stay: line.state for line in self.lines if line.state != line.row.recorded}
        meals = self._meals_to_write()
        note = self.note.strip() if self.note_open and self.note.strip() != self._note_before else None
        same_hand = self.signed is not None and self.initials in ("", self.signed.initials)
        if not states and meals is None and note is None and same_hand:
            return None
        return RoundDraft(states, self.initials, meals, note)

    def _meals_to_write(self) -> dict[StayId, Kinds] | None:
        if not self.offered or (self._meals.confirmed and not self.board.is_changed):
            return None
        return self.board.to_confirm()

    # --- what survives a lock

    def content(self) -> dict[str, object]:
        """Return what the operator has done so far, empty when nothing."""
        wrote = self.initials != self._initials_before or self.note.strip() != self._note_before
        if not (self._touched or wrote):
            return {}
        content: dict[str, object] = {
            "states": {str(line.row.stay): line.state for line in self.lines if line.confirmed},
            "meals": {str(stay): list(kinds) for stay, kinds in self.board.changes.items()},
        }
        if wrote:
            content |= {"initials": self.initials, "note": self.note}
        return content

    def restore(self, content: dict[str, object]) -> None:
        """Do again what `content` tells; guests who are no longer here and strange codes are passed over."""
        states = content.get("states")
        known = codelist("presence")
        for at, line in enumerate(self.lines):
            state = states.get(str(line.row.stay)) if isinstance(states, dict) else None
            if isinstance(state, str) and state in known:
                self.set_state(at, state)
        self.board.load(self._proposed(), read_changes(content.get("meals")))
        for at, line in enumerate(self.lines):
            self._put(at, line)
        self.initials = as_text(content.get("initials")) or self.initials
        self.note = as_text(content.get("note")) or self.note

    # --- within

    def _put(self, at: int, line: RoundLine, *, touch: bool | None = None) -> None:
        before, self.lines[at] = self.lines[at], line
        if before.state != line.state:
            self.board.load(self._proposed())
        row = self._at.get(line.row.stay)
        if row is not None and self.offered:
            self.lines[at] = replace(line, kinds=self.board.kinds(row))
        changed = self.lines[at] != before
        self._touched = self._touched or (changed if touch is None else touch)

    def _proposed(self) -> MealSheet:
        """Return the meals as confirmed, or as the states shown propose them: who is away eats elsewhere."""
        if self._meals.confirmed:
            return self._meals
        here = states_here()
        states = {line.row.stay: line.state for line in self.lines}
        rows = (
            replace(row, kinds=row.can_have if states[row.stay] in here else ()) if row.stay in states else row
            for row in self._meals.rows
        )
        return replace(self._meals, rows=tuple(rows))
