"""Presences as a spreadsheet copies and pastes them: lines of codes with tabs between.

It knows no widget and no clipboard.
"""

from __future__ import annotations

from app.errors import PasteUnreadable
from app.services.presence import OUTSIDE
from app.ui.presenters.night_state import sign_of, state_codes

_LEFT_ALONE = {"", "-", "–", "?", "·", "."}
_CROSSES = {"X", "×", "✕"}


def write_block(block: list[list[str]]) -> str:
    """Return the states as text; a night not recorded is empty, one outside the stay is a dash."""
    return "\n".join("\t".join(sign_of(OUTSIDE) if state == OUTSIDE else state for state in line) for line in block)


def read_block(text: str) -> list[list[str | None]]:
    """Return the states of a text, None where there is nothing to write; raises PasteUnreadable."""
    signs = {sign_of(code): code for code in state_codes()} | {code: code for code in state_codes()}
    signs |= dict.fromkeys(_CROSSES, "N")
    block: list[list[str | None]] = []
    for down, line in enumerate(text.rstrip("\r\n").splitlines(), start=1):
        states: list[str | None] = []
        for right, typed in enumerate(line.split("\t"), start=1):
            word = typed.strip().upper()
            if word not in signs and word not in _LEFT_ALONE:
                raise PasteUnreadable(line=down, column=right)
            states.append(signs.get(word))
        block.append(states)
    return block
