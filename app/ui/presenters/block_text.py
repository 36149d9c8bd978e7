"""Presences as a spreadsheet copies and pastes them: lines of codes with tabs between.

It knows no widget and no clipboard. What it cannot read it refuses with its place, and repeats nothing of it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO

from app.errors import PasteHasLabels, PasteUnreadable
from app.reference.texts import tr
from app.services.presence import OUTSIDE
from app.ui.presenters.night_state import sign_of, state_codes

_LEFT_ALONE = {"", "-", "–", "—", "?", "·", "."}
_CROSSES = {"X", "×", "✕", "✗"}
_MOST_HEADS = 3
_LAST_DAY = 31


@dataclass(frozen=True, slots=True)
class Block:
    """The states of a text, None where there is nothing to write; `days` are those of a head line, if it had one."""

    states: list[list[str | None]]
    days: tuple[int | None, ...] = ()

    @property
    def width(self) -> int:
        """How many columns the widest line has."""
        return max(map(len, self.states), default=0)


def write_block(block: list[list[str]]) -> str:
    """Return the states as text; a night not recorded is empty, one outside the stay is a dash."""
    return "\n".join("\t".join(sign_of(OUTSIDE) if state == OUTSIDE else state for state in line) for line in block)


def read_block(text: str) -> Block:
    """Return the states of a text; lines of week days and of day numbers over them are no states.

    Raises PasteUnreadable, or PasteHasLabels where names or sums were copied too.
    """
    lines = _lines(text)
    heads = _heads(lines)
    if heads and heads == len(lines):
        raise PasteHasLabels(line=1, column=1)
    signs = {sign_of(code): code for code in state_codes()} | {code: code for code in state_codes()}
    signs |= dict.fromkeys(_CROSSES, "N")
    states: list[list[str | None]] = []
    for down, line in enumerate(lines[heads:], start=heads + 1):
        for right, word in enumerate(line, start=1):
            if word not in signs and word not in _LEFT_ALONE:
                labels = word.isdecimal() or (right == 1 and len(line) > 1)
                raise (PasteHasLabels if labels else PasteUnreadable)(line=down, column=right)
        states.append([signs.get(word) for word in line])
    days = next((found for found in map(_days, reversed(lines[:heads])) if any(found)), ())
    return Block(states, days)


def _lines(text: str) -> list[list[str]]:
    """Return the cells, in capitals and without blanks around them."""
    try:
        # Spreadsheets quote a cell that holds a line break, such as a head of two lines.
        read = list(csv.reader(StringIO(text.rstrip("\r\n"), newline=""), delimiter="\t"))
    except csv.Error as error:
        raise PasteUnreadable(line=1, column=1) from error
    return [[cell.strip().upper() for cell in line] or [""] for line in read]


def _heads(lines: list[list[str]]) -> int:
    """Return how many lines at the top say which days these are."""
    letters = _week()
    for at, line in enumerate(lines[:_MOST_HEADS]):
        if any(_days(line)):
            return at + 1
        if not letters.issuperset(filter(None, line)):
            break
    first = {word for word in (lines[0] if lines else []) if word}
    # Some letters of the week are states as well: a line of those alone is no head.
    return 1 if first and first <= letters and not first <= set(state_codes()) else 0


def _week() -> frozenset[str]:
    return frozenset(tr("calendar.weekday_letters").upper().split(","))


def _days(line: list[str]) -> tuple[int | None, ...]:
    """Return the days of a line that holds nothing else than days, perhaps with their letters; else nothing."""
    letters = _week()
    found: list[int | None] = []
    for cell in line:
        words = cell.split()
        numbers = [int(word) for word in words if word.isdecimal() and int(word) in range(1, _LAST_DAY + 1)]
        if len(numbers) > 1 or len(numbers) + sum(word in letters for word in words) < len(words):
            return ()
        found.append(numbers[0] if numbers else None)
    return tuple(found) if any(found) else ()
