"""What the tab Diario says of a note: its day and kind, who wrote it and when, what it corrected.

Plain words from plain rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from app.reference.codelist import codelist
from app.reference.format import day_long, day_short
from app.reference.texts import tr, tr_n
from app.services.calendar import house_day
from app.services.diary import LONGEST_TEXT
from app.ui.presenters.moment import hour, moment

if TYPE_CHECKING:
    from app.services.diary import DiaryNote

USUAL_KIND = "OSSERVA"
_TELL_FROM = 500
"""How many characters may be left when the form begins to count them."""


@dataclass(frozen=True, slots=True)
class NoteWords:
    """A note in words; `before` holds what it corrects: who and when, and the text."""

    day: str
    kind: str
    author: str
    text: str = field(repr=False)
    before: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def note_words(note: DiaryNote, today: date) -> NoteWords:
    """Return a note as the tab shows it."""
    return NoteWords(
        day=_day(note.day, today),
        kind=codelist("diary_kind").label(note.kind),
        author=_author(note),
        text=note.text,
        before=tuple((tr("diary.was", who=_who(old), when=moment(old.written_at)), old.text) for old in note.before),
    )


def corrections(count: int) -> str:
    """Return the word of the button that shows what was corrected."""
    return tr_n("diary.corrections", count)


def room_left(length: int) -> str:
    """Return how many characters are left, once they are few; how many are too many, after that."""
    left = LONGEST_TEXT - length
    if left < 0:
        return tr("diary.too_long", n=-left, most=LONGEST_TEXT)
    return tr("diary.room_left", n=left) if left <= _TELL_FROM else ""


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds of note."""
    return [(entry.code, entry.label()) for entry in codelist("diary_kind")]


def _day(day: date, today: date) -> str:
    if day == today:
        return tr("diary.today", day=day_short(day))
    if (today - day).days == 1:
        return tr("diary.yesterday", day=day_short(day))
    return day_long(day)


def _who(note: DiaryNote) -> str:
    return note.author or tr("diary.nobody")


def _author(note: DiaryNote) -> str:
    """Return who wrote a note; when, if that was not on the day it is about."""
    if house_day(note.written_at) == note.day:
        return tr("diary.by_at", who=_who(note), hour=hour(note.written_at))
    return tr("diary.by_later", who=_who(note), when=moment(note.written_at))
