"""The table of a lesson's register: who was there, who only begins.

It shows; what a key does is said in the dialog.
"""

from __future__ import annotations

from typing import cast

from app.reference.texts import tr
from app.ui.colour import Tone
from app.ui.kit import Column, RowModel
from app.ui.presenters.lesson import LessonLine, follows, present_state


def _tone(line: LessonLine) -> Tone:
    # Without a tone the cell is a plain dash: most of those who do not follow a course will never be in this list.
    is_out = line.minutes is None and line.row.step is None and line.row.begins_on is None
    return cast("Tone", "") if is_out else present_state(line).tone


def lesson_model() -> RowModel[LessonLine]:
    """Return an empty model of the register."""
    return RowModel(
        [
            Column(tr("inclusion.lesson_column_guest"), lambda line: line.row.name_used, "strong"),
            Column("", lambda line: line.row.code, "mono", width=96),
            Column(tr("inclusion.lesson_column_course"), follows, "muted", width=130),
            Column(
                tr("inclusion.lesson_column_there"),
                lambda line: present_state(line).word,
                "chip",
                tone=_tone,
                icon=lambda line: present_state(line).icon,
                width=120,
            ),
        ]
    )
