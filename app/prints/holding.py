"""Everything held about a guest, on paper for herself: her data by topic, who worked with them, and her rights.

Plain values only; which they are is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.prints.document import (
    NO_WORDS,
    Cell,
    Column,
    Document,
    Notice,
    Section,
    Signature,
    Signatures,
    Statement,
    Table,
    Words,
)
from app.prints.print_text import PrintText

_RIGHTS = ("rectify", "erase", "restrict", "complain")


@dataclass(frozen=True, slots=True)
class HoldingSection:
    """One topic: its records, each a list of what and how it is."""

    words: Words
    records: tuple[tuple[tuple[Words, Words], ...], ...]


@dataclass(frozen=True, slots=True)
class HoldingTrail:
    """One thing that was done with the record."""

    at: datetime
    who: Words
    what: Words


@dataclass(frozen=True, slots=True)
class HoldingSheet:
    """All that the paper says."""

    ente: str
    code: str
    made_at: datetime
    sections: tuple[HoldingSection, ...]
    trail: tuple[HoldingTrail, ...]
    withheld: tuple[Words, ...]
    household: int


def holding_pdf(sheet: HoldingSheet, *, english: bool) -> bytes:
    """Return the PDF, in Italian, with English beside it where somebody needs it."""
    from app.prints.setter import set_document

    text = PrintText(english=english)
    say = text.say
    head = text.head(sheet.ente or "Approdo", "held", subject=sheet.code)
    sections = [
        Section("", NO_WORDS, (Notice(say("held_lead", day=sheet.made_at.strftime("%d/%m/%Y %H:%M"))),)),
        *(_section(str(n), section, text) for n, section in enumerate(sheet.sections, start=1)),
    ]
    number = len(sheet.sections)
    sections.append(Section(str(number + 1), say("held_trail"), _trail(sheet, text), together=False))
    sections.append(Section(str(number + 2), say("held_left"), _left(sheet, text)))
    rights = tuple(Statement("", say(f"held_right_{name}"), size=8.6) for name in _RIGHTS)
    signatures = Signatures(
        (Signature(say("held_sign_guest")), Signature(say("held_sign_operator"))), say("held_sign_date")
    )
    sections.append(Section(str(number + 3), say("held_rights"), (*rights, signatures)))
    return set_document(Document(head, tuple(sections), text.texts(), title=head.words.it))


def _section(number: str, section: HoldingSection, text: PrintText) -> Section:
    columns = (Column(text.say("held_what"), 2), Column(text.say("held_value"), 5))
    rows: list[tuple[Cell, ...]] = []
    for place, record in enumerate(section.records, start=1):
        if len(section.records) > 1:
            rows.append((Cell(text.say("held_record", n=place, of=len(section.records))),))
        rows += [(Cell(text.of(label)), Cell(_shown(value, text))) for label, value in record]
    return Section(number, text.of(section.words), (Table(columns, tuple(rows)),), together=False)


def _shown(value: Words, text: PrintText) -> Words:
    return text.of(value)


def _trail(sheet: HoldingSheet, text: PrintText) -> tuple[Table | Statement, ...]:
    if not sheet.trail:
        return (Statement("", text.say("held_trail_reserved"), size=8.6),)
    columns = (
        Column(text.say("held_when"), 2),
        Column(text.say("held_who"), 3),
        Column(text.say("held_done"), 5),
    )
    rows = tuple(
        (Cell(line.at.strftime("%d/%m/%Y %H:%M")), Cell(text.of(line.who)), Cell(text.of(line.what)))
        for line in sheet.trail
    )
    return (Statement("", text.say("held_trail_about"), size=8.2), Table(columns, rows))


def _left(sheet: HoldingSheet, text: PrintText) -> tuple[Statement, ...]:
    said = [text.say("held_nothing_left"), text.say("held_documents_apart")]
    if sheet.household:
        said.append(text.say("held_household", n=sheet.household))
    if sheet.withheld:
        names = (", ".join(words.it for words in sheet.withheld), ", ".join(words.other for words in sheet.withheld))
        told = text.say("held_withheld", names="{names}")
        said.append(Words(told.it.replace("{names}", names[0]), told.other.replace("{names}", names[1])))
    return tuple(Statement("", words, size=8.6) for words in said)
