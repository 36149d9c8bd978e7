"""What the month of presences says of the cell or the range that has the keyboard: to the eye and to a screen reader.

It decides no edit; why a cell cannot be written comes from `MonthSheet.refusal`.
"""

from __future__ import annotations

from app.reference.format import day_long, number
from app.reference.texts import tr, tr_n
from app.services.presence import NOT_RECORDED, OUTSIDE, states_here
from app.ui.presenters.month_sheet import MonthSheet
from app.ui.presenters.night_state import say_state


def say_cell(sheet: MonthSheet, row: int, column: int) -> str:
    """Return a cell in words: who, which night, which state."""
    state = sheet.value(row, column)
    blank = state == NOT_RECORDED and sheet.is_future(column)
    word = tr("presences.future") if blank else say_state(state)
    return tr("presences.cell", name=sheet.rows[row].name_used, day=day_long(sheet.days[column]), state=word)


def say_range(sheet: MonthSheet, rows: range, columns: range) -> str:
    """Return a range in words: how many cells, how many of them count as nights, how many have no record."""
    states = [sheet.value(row, column) for row in rows for column in columns if not sheet.is_future(column)]
    here = states_here()
    return tr_n(
        "presences.range",
        len(rows) * len(columns),
        present=number(sum(state in here for state in states)),
        missing=number(states.count(NOT_RECORDED)),
        away=number(sum(state not in here and state not in {NOT_RECORDED, OUTSIDE} for state in states)),
    )


def say_choice(sheet: MonthSheet, rows: range, columns: range) -> tuple[str, str]:
    """Return what is chosen in words, and why it cannot be written, empty when it can."""
    if len(rows) * len(columns) == 1:
        why = sheet.refusal(rows.start, columns.start)
        return say_cell(sheet, rows.start, columns.start), tr(f"presences.why_{why}") if why else ""
    return say_range(sheet, rows, columns), tr("presences.why_closed") if sheet.closed else ""
