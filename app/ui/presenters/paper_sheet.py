"""The paper sheet typed into the register: a line a guest, a letter a night, read as it is being typed.

It writes nothing: `marks` says what would be written. The order of the lines is that of the printed sheet.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.reference.format import day_short
from app.reference.texts import tr, tr_n
from app.services.presence import NOT_RECORDED, OUTSIDE, NightLine, NightMark, NightSheet
from app.ui.presenters.night_state import sign_of, state_of_key

_LEAVE = frozenset("-–.?_")
"""What says that a night is not on the paper, or not of the stay."""
_REPEAT = frozenset("+*")
"""After a letter: the same for the nights that are left."""


@dataclass(frozen=True, slots=True)
class PaperLine:
    """What a typed line means: a state for each night (None leaves it), or what is wrong with it."""

    states: tuple[str | None, ...] = ()
    problem: str = ""


class PaperSheet:
    """The lines under the hands of the operator."""

    def __init__(self, sheet: NightSheet) -> None:
        self.nights = sheet.nights
        self.lines = sheet.lines
        self._today = sheet.today
        self.texts = [""] * len(sheet.lines)
        self._read = [PaperLine((None,) * len(sheet.nights)) for _ in sheet.lines]

    def type(self, at: int, text: str) -> PaperLine:
        """Read what a line holds now."""
        self.texts[at] = text
        self._read[at] = self._line(self.lines[at], text)
        return self._read[at]

    def problem(self, at: int) -> str:
        """Return what is wrong with a line, or an empty text."""
        return self._read[at].problem

    def first_wrong(self) -> int | None:
        """Return the first line that cannot be read."""
        return next((at for at, line in enumerate(self._read) if line.problem), None)

    def marks(self) -> list[NightMark]:
        """Return what differs from the register, in lines that can be read."""
        return [
            NightMark(line.row.stay, night, state)
            for line, read in zip(self.lines, self._read, strict=True)
            for night, state, before in zip(self.nights, read.states, line.row.cells, strict=False)
            if state is not None and state != before
        ]

    def say(self, at: int) -> str:
        """Return a line in words: what is wrong with it, else its signs and what it would change."""
        read, cells = self._read[at], self.lines[at].row.cells
        if read.problem:
            return read.problem
        if not self.texts[at]:
            return ""
        signs = " ".join(sign_of(state or before) for state, before in zip(read.states, cells, strict=True))
        changed = sum(
            state not in (None, before) and before != NOT_RECORDED
            for state, before in zip(read.states, cells, strict=True)
        )
        return f"{signs}   {tr_n('presences.paper_changes', changed)}" if changed else signs

    def before(self, at: int) -> str:
        """Return what the register holds of a line, as it would be typed."""
        return "".join({NOT_RECORDED: ".", OUTSIDE: "-"}.get(state, state) for state in self.lines[at].row.cells)

    # --- within

    def _line(self, line: NightLine, text: str) -> PaperLine:
        cells, typed = line.row.cells, text
        if not typed:
            return PaperLine((None,) * len(cells))
        inside = [at for at, cell in enumerate(cells) if cell != OUTSIDE]
        if typed[-1] in _REPEAT:
            return self._repeat(line, typed[:-1])
        if len(typed) == len(inside) < len(cells) and not _LEAVE.intersection(typed):
            typed = _spread(typed, inside, len(cells))
        if len(typed) != len(cells):
            key = "presences.paper_short" if len(typed) < len(cells) else "presences.paper_long"
            return PaperLine(problem=tr_n(key, abs(len(cells) - len(typed)), typed=len(typed), nights=len(cells)))
        return self._states(line, typed)

    def _repeat(self, line: NightLine, typed: str) -> PaperLine:
        cells = line.row.cells
        if not typed or typed[-1] in _LEAVE or len(typed) > len(cells):
            return PaperLine(problem=tr("presences.paper_repeat"))
        rest = "".join(
            "-" if cell == OUTSIDE or night > self._today else typed[-1]
            for cell, night in list(zip(cells, self.nights, strict=True))[len(typed) :]
        )
        return self._states(line, typed + rest)

    def _states(self, line: NightLine, typed: str) -> PaperLine:
        states: list[str | None] = []
        for sign, cell, night in zip(typed, line.row.cells, self.nights, strict=True):
            state = state_of_key(sign)
            problem = ""
            if state is None and sign not in _LEAVE:
                problem = "presences.paper_sign"
            elif state is not None and cell == OUTSIDE:
                problem = "presences.paper_outside"
            elif state is not None and night > self._today:
                problem = "presences.paper_future"
            if problem:
                return PaperLine(problem=tr(problem, sign=sign, day=day_short(night)))
            states.append(state)
        return PaperLine(tuple(states))


def _spread(typed: str, inside: list[int], nights: int) -> str:
    """Put the letters on the nights of the stay."""
    spread = ["-"] * nights
    for at, sign in zip(inside, typed, strict=True):
        spread[at] = sign
    return "".join(spread)
