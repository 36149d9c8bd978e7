"""The board of paths: a guest a line, her areas, what moved in the month, what comes next, hours, Italian.

What each cell says is decided in `app.ui.presenters.inclusion`.
"""

from __future__ import annotations

from datetime import date
from typing import cast

from app.reference.codelist import codelist
from app.reference.texts import tr
from app.ui.colour import Tone
from app.ui.kit import Column, RowModel, TableView, table_view
from app.ui.presenters import inclusion as words
from app.ui.presenters.inclusion import PathLine
from app.ui.presenters.path import level_short
from app.ui.presenters.visit import say_minutes
from app.ui.tables.sign_delegate import PLACE, SignDelegate

_GUEST, _AREAS, _MOVED = range(3)


def path_model() -> RowModel[PathLine]:
    """Return an empty model of the board."""
    return RowModel(
        [
            Column(
                tr("inclusion.column_guest"),
                lambda line: line.name_used,
                "strong",
                tip=lambda line: f"{line.name_used} · {line.path.code}",
                width=98,
            ),
            Column(
                tr("inclusion.column_areas"),
                lambda line: line.areas_said,
                sort=lambda line: -sum(sign is not None for sign in line.areas),
                tip=lambda line: line.areas_said,
                width=PLACE * len(codelist("inclusion_area")) + 10,
            ),
            Column(
                tr("inclusion.column_moved"),
                words.moves_said,
                sort=lambda line: (not line.moved.anything, -line.moved.concluded, -line.moved.started),
                tip=words.moves_said,
            ),
            Column(
                tr("inclusion.column_next"),
                lambda line: words.next_state(line).word,
                "chip",
                sort=lambda line: (not line.late, line.due.day if line.due else date.max),
                tone=_due_tone,
                icon=lambda line: words.next_state(line).icon,
                tip=words.next_said,
                width=98,
            ),
            Column(
                tr("inclusion.column_hours"),
                lambda line: say_minutes(line.moved.minutes) if line.moved.minutes else "–",
                "number",
                sort=lambda line: -line.moved.minutes,
                width=72,
            ),
            Column(
                tr("inclusion.column_level"),
                lambda line: level_short(line.level),
                "muted",
                sort=lambda line: -_rank(line.level),
                width=70,
            ),
        ]
    )


def path_table(model: RowModel[PathLine]) -> TableView:
    """Return the board over its model; the signs are painted, their words are told to screen readers."""
    view = table_view(model, stretch=_MOVED, name=tr("inclusion.table"))
    view.setItemDelegateForColumn(_AREAS, SignDelegate(lambda line: line.areas, view, fixed=True))
    view.setItemDelegateForColumn(_MOVED, SignDelegate(words.move_signs, view))
    return view


def _due_tone(line: PathLine) -> Tone:
    # Without a tone the cell is a plain dash: a chip would give weight to nothing.
    return words.next_state(line).tone if line.due is not None else cast("Tone", "")


def _rank(level: str | None) -> int:
    codes = codelist("italian_level").codes()
    return codes.index(level) if level in codes else -1
