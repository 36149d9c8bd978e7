"""The monthly presence register for signature: guests by code and initials, a column a night, sums and places to sign.

Printed blank it is the paper for a night without electricity. Which letters count as a night is said by the code
list; nothing else is decided here.
"""

from __future__ import annotations

from app.prints.presence_sheet import OUTSIDE, Plan, PlannedLine, PresenceLine, PresenceSheet
from app.prints.print_text import PrintText
from app.reference.codelist import codelist

__all__ = ["PresenceLine", "PresenceSheet", "presence_register"]

LIST = "presence"


def presence_register(sheet: PresenceSheet) -> bytes:
    """Return the register as a PDF in landscape, rows spread over as many pages as they need.

    Raises ValueError when a line has cells for another number of days, UnknownCode for a letter of no list.
    """
    from app.prints.presence_page import PresencePages

    return PresencePages(sheet, _plan(sheet), PrintText(english=False)).pdf()


def states_here() -> tuple[str, ...]:
    """Return the letters that count as a night in the house."""
    return tuple(code.code for code in codelist(LIST) if code.flag("sleeps_here"))


def states_away() -> tuple[str, ...]:
    """Return the letters of an authorised absence."""
    return tuple(code.code for code in codelist(LIST) if code.flag("entitled") and not code.flag("sleeps_here"))


def _plan(sheet: PresenceSheet) -> Plan:
    here, away = states_here(), states_away()
    planned = []
    for line in sheet.lines:
        if line.cells and len(line.cells) != sheet.days:
            message = f"{len(line.cells)} cells for {sheet.days} days"
            raise ValueError(message)
        for cell in set(line.cells) - {"", OUTSIDE}:
            codelist(LIST).get(cell)
        nights = sum(cell in here for cell in line.cells)
        absences = sum(cell in away for cell in line.cells)
        planned.append(PlannedLine(line, nights, absences))
    totals = [sum(line.cells[day] in here for line in sheet.lines if line.cells) for day in range(sheet.days)]
    recorded = [
        any(line.cells[day] not in ("", OUTSIDE) for line in sheet.lines if line.cells) for day in range(sheet.days)
    ]
    return Plan(
        tuple(planned),
        tuple(total if known else None for total, known in zip(totals, recorded, strict=True)),
        here,
        away,
    )
