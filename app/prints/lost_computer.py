"""The sheet for the day the computer is gone: what to do, whom to call, what was on it in numbers, how it is locked.

It names neither guests nor house; it is printed before that day and kept where the computer is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.prints.document import NO_WORDS, Cell, Column, Document, Field, Notice, Row, Section, Statement, Table, Words
from app.prints.print_text import PrintText, grouped, short_date

_TO_DO = ("call", "open", "police", "authority", "passwords", "restore", "confirm")
_BLANK_LINES = 4


@dataclass(frozen=True, slots=True)
class LostComputerSheet:
    """What the sheet says: counts by name, days, and how the register is protected."""

    ente: str
    contacts: tuple[str, ...]
    made_on: date
    label: str
    counts: tuple[tuple[str, int], ...]
    first_day: date | None
    last_backup: date | None
    cipher: str
    device_secret: bool


def lost_computer_sheet(sheet: LostComputerSheet, *, english: bool) -> bytes:
    """Return the PDF of the sheet, in Italian, with English beside it where somebody needs it."""
    from app.prints.setter import set_document

    text = PrintText(english=english)
    say = text.say
    head = text.head(sheet.ente or "Approdo", "loss")
    sections = (
        Section("", NO_WORDS, (Notice(say("loss_calm")),)),
        Section("", say("loss_whom"), (_contacts(sheet, text),)),
        Section("", say("loss_to_do"), _to_do(text)),
        Section("", say("loss_what"), (*_facts(sheet, text), _counts(sheet, text))),
        Section("", say("loss_locked"), _locked(sheet, text)),
    )
    return set_document(Document(head, sections, text.texts(), title=head.words.it, blank=True))


def _to_do(text: PrintText) -> tuple[Statement, ...]:
    return tuple(Statement(str(n), text.say(f"loss_do_{name}"), size=8.6) for n, name in enumerate(_TO_DO, start=1))


def _contacts(sheet: LostComputerSheet, text: PrintText) -> Table:
    rows = tuple((Cell(line, strong=True), Cell("")) for line in sheet.contacts)
    columns = (Column(text.say("loss_contact"), 3), Column(text.say("loss_called_at"), 1))
    return Table(columns, rows, blank_rows=max(0, _BLANK_LINES - len(rows)), blank_row=(Cell(""), Cell("")))


def _facts(sheet: LostComputerSheet, text: PrintText) -> tuple[Row, ...]:
    say = text.say
    since = short_date(sheet.first_day) if sheet.first_day else say("loss_nobody")
    backup = short_date(sheet.last_backup) if sheet.last_backup else say("loss_no_backup")
    return (
        Row(
            (
                Field("", say("loss_made_on"), short_date(sheet.made_on), strong=True),
                Field("", say("loss_since"), since, strong=True),
                Field("", say("loss_last_backup"), backup, strong=True),
                Field("", say("loss_label"), sheet.label, strong=True),
            )
        ),
    )


def _counts(sheet: LostComputerSheet, text: PrintText) -> Table:
    """Return the counts two by two: what, how many, what, how many."""
    what, many = text.say("loss_kind"), text.say("loss_many")
    cells = [(Cell(text.say(f"loss_{name}")), Cell(grouped(n), strong=True)) for name, n in sheet.counts]
    pairs = [(*left, *right) for left, right in zip(cells[::2], cells[1::2], strict=True)]
    columns = (Column(what, 4), Column(many, 1, right=True), Column(what, 4), Column(many, 1, right=True))
    return Table(columns, tuple(pairs))


def _locked(sheet: LostComputerSheet, text: PrintText) -> tuple[Statement, ...]:
    names = ("cipher", "device" if sheet.device_secret else "phrase", "law")
    words: list[Words] = [text.say(f"loss_{name}", version=sheet.cipher) for name in names]
    return tuple(Statement(str(n), each, size=8.6) for n, each in enumerate(words, start=1))
