"""The certificate of an erasure: what went in numbers, what stays and why, the copies, who did it; nobody is named.

Plain values only; it says the same however often it is printed, but for the copies that are gone since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.prints.document import (
    NO_WORDS,
    Block,
    Cell,
    Column,
    Document,
    Field,
    Notice,
    Row,
    Section,
    Signature,
    Signatures,
    Statement,
    Table,
    Words,
)
from app.prints.print_text import PrintText, grouped

_SIZE = 8.6


@dataclass(frozen=True, slots=True)
class CopyLine:
    """A backup that could not be reached: its name and when it was made."""

    name: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class CertificateSheet:
    """What the certificate says; `kind` is ERASE or ANONYMISE, `reason` TERM or REQUEST."""

    ente: str
    number: str
    kind: str
    reason: str
    at: datetime
    made_by: str
    """Initials."""
    label: str
    gone: tuple[tuple[Words, int], ...]
    kept: tuple[tuple[Words, int], ...]
    drafts: int
    trail: int
    struck: int
    left: int
    copies_removed: int
    copies_pending: tuple[CopyLine, ...]


def erasure_certificate(sheet: CertificateSheet, *, english: bool) -> bytes:
    """Return the PDF, in Italian, with English beside it where somebody needs it."""
    from app.prints.setter import set_document

    text = PrintText(english=english)
    say = text.say
    head = text.head(sheet.ente or "Approdo", "erasure", subject=sheet.number, title=f"erasure_title_{sheet.kind}")
    signatures = Signatures(
        (Signature(say("erasure_sign_operator"), sheet.made_by), Signature(say("erasure_sign_witness"))),
        say("erasure_sign_date"),
    )
    sections = (
        Section("", NO_WORDS, (Notice(say(f"erasure_lead_{sheet.kind}")), _facts(sheet, text))),
        Section("1", say("erasure_gone"), _gone(sheet, text)),
        Section("2", say("erasure_kept"), _kept(sheet, text)),
        Section("3", say("erasure_copies"), _copies(sheet, text)),
        Section(
            "4",
            say("erasure_paper"),
            (
                Statement("", say("erasure_paper_about"), size=_SIZE),
                Row((Field("", say("erasure_about")),)),
                signatures,
            ),
        ),
    )
    return set_document(Document(head, sections, text.texts(), title=head.words.it, blank=True))


def _facts(sheet: CertificateSheet, text: PrintText) -> Row:
    say = text.say
    return Row(
        (
            Field("", say("erasure_number"), sheet.number, strong=True),
            Field("", say("erasure_day"), sheet.at.strftime("%d/%m/%Y %H:%M")),
            Field("", say("erasure_reason"), say(f"erasure_reason_{sheet.reason}")),
            Field("", say("erasure_made_by"), sheet.made_by or "–"),
            Field("", say("erasure_label"), sheet.label),
        )
    )


def _gone(sheet: CertificateSheet, text: PrintText) -> tuple[Block, ...]:
    """Return the counts two by two: what, how many, what, how many."""
    lines = [*sheet.gone]
    for name, n in (("drafts", sheet.drafts), ("trail", sheet.trail), ("struck", sheet.struck)):
        if n:
            lines.append((text.say(f"erasure_other_{name}"), n))
    told = () if not sheet.kept else (Statement("", text.say("erasure_gone_identity"), size=_SIZE),)
    return (_counted(lines, text), *told)


def _counted(lines: list[tuple[Words, int]], text: PrintText) -> Table:
    what, many = text.say("erasure_kind"), text.say("erasure_many")
    cells = [(Cell(text.of(words)), Cell(grouped(n), strong=True)) for words, n in lines]
    cells += [(Cell(""), Cell(""))] * (len(cells) % 2)
    pairs = [(*left, *right) for left, right in zip(cells[::2], cells[1::2], strict=True)]
    columns = (Column(what, 4), Column(many, 1, right=True), Column(what, 4), Column(many, 1, right=True))
    return Table(columns, tuple(pairs))


def _kept(sheet: CertificateSheet, text: PrintText) -> tuple[Block, ...]:
    said: list[Block] = [Statement("", text.say("erasure_kept_figures"), size=_SIZE)]
    if sheet.kept:
        said += [Statement("", text.say("erasure_kept_accounts"), size=_SIZE), _counted([*sheet.kept], text)]
    else:
        said.append(Statement("", text.say("erasure_kept_nothing"), size=_SIZE))
    if sheet.left:
        said.append(Statement("", text.say("erasure_left", n=sheet.left), size=_SIZE))
    said.append(Statement("", text.say("erasure_not_found"), size=_SIZE))
    return tuple(said)


def _copies(sheet: CertificateSheet, text: PrintText) -> tuple[Block, ...]:
    removed = Statement("", text.say("erasure_copies_removed", n=sheet.copies_removed), size=_SIZE)
    if not sheet.copies_pending:
        return (removed, Statement("", text.say("erasure_copies_none"), size=_SIZE))
    pending = Statement("", text.say("erasure_copies_pending", n=len(sheet.copies_pending)), size=_SIZE)
    columns = (
        Column(text.say("erasure_copy_name"), 3),
        Column(text.say("erasure_copy_day"), 2),
        Column(text.say("erasure_copy_done"), 3),
    )
    rows = tuple(
        (Cell(line.name), Cell(line.made_at.strftime("%d/%m/%Y %H:%M")), Cell("")) for line in sheet.copies_pending
    )
    return (removed, pending, Table(columns, rows))
