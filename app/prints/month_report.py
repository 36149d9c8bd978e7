"""The month's report as people read it: the figures, what was protected and why, how each was counted, the package.

It prints what it is given and counts nothing; the workbook with the same content is `app.prints.month_workbook`.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from app.prints.document import (
    NO_WORDS,
    Block,
    Cell,
    Column,
    Document,
    Field,
    Row,
    Section,
    Statement,
    Table,
    Words,
)
from app.prints.month_workbook import month_report_xlsx
from app.prints.print_text import PrintText, grouped, short_date
from app.prints.report_sheet import MonthReportSheet, ProtectedLine, ReportLine, ReportState

__all__ = [
    "MonthReportSheet",
    "ProtectedLine",
    "ReportLine",
    "ReportState",
    "month_report_pdf",
    "month_report_xlsx",
]


def month_report_pdf(sheet: MonthReportSheet, *, english: bool = False) -> bytes:
    """Return the report as PDF; `english` adds English labels, definitions stay Italian."""
    from app.prints.setter import set_document

    text = PrintText(english=english)
    month = text.month(sheet.year, sheet.month)
    head = text.head(sheet.ente, "report", project=sheet.project, subject=f"{sheet.house_name} · rev. {sheet.revision}")
    head = replace(head, words=_titled(head.words, month))
    sections = (
        Section("", NO_WORDS, _facts(sheet, text)),
        Section("1", text.say("report_figures"), (_figures(sheet, text),), together=False),
        Section("2", text.say("report_protected"), _protected(sheet, text)),
        Section("3", text.say("report_package"), _package(sheet, text)),
    )
    return set_document(Document(head, sections, text.texts(), title=head.words.it))


def _titled(title: Words, month: Words) -> Words:
    return Words(f"{title.it} · {month.it}", f"{title.other} · {month.other}" if title.other else "")


def _facts(sheet: MonthReportSheet, text: PrintText) -> tuple[Block, ...]:
    facts = Row(
        (
            Field("", text.say("report_house"), sheet.house_name, span=6),
            Field("", text.say("report_revision"), str(sheet.revision), span=2),
            Field("", text.say("report_threshold"), text.say("report_threshold_value", n=sheet.threshold), span=4),
            Field("", text.say("report_made_on"), short_date(sheet.made_on), span=3),
        )
    )
    return (facts, Statement("", text.say("report_promise", n=sheet.threshold)))


def _figures(sheet: MonthReportSheet, text: PrintText) -> Table:
    columns = (
        Column(text.say("report_figure"), 12),
        Column(text.say("report_value"), 12, right=True),
        Column(text.say("report_counted"), 27),
    )
    rows: list[tuple[Cell, ...]] = []
    for group, lines in groupby(sheet.lines, key=lambda line: line.group):
        if group.it:
            rows.append((Cell(text.of(group)),))
        rows += [_figure(line, sheet.threshold, text) for line in lines]
    return Table(columns, tuple(rows))


def _figure(line: ReportLine, threshold: int, text: PrintText) -> tuple[Cell, ...]:
    label = text.of(line.label)
    counted = " ".join(filter(None, (line.definition.it, line.note.it)))
    return (
        Cell(label.it, beneath="" if label.other == label.it else label.other, strong=True),
        _value(line, threshold, text),
        Cell(beneath=counted),
    )


def _value(line: ReportLine, threshold: int, text: PrintText) -> Cell:
    if line.is_protected:
        words = text.say("report_suppressed", n=threshold)
        return Cell(words.it, beneath=words.other)
    if line.value is None:
        words = text.say("report_not_recorded")
        return Cell(words.it, beneath=words.other)
    if isinstance(line.value, Words):
        return Cell(text.of(line.value))
    return Cell(shown_number(line.value), strong=True)


def shown_number(value: int | Decimal) -> str:
    """Return a number with Italian marks: `1.204`, `3,2`."""
    if isinstance(value, int):
        return grouped(value)
    return f"{value:,}".translate(str.maketrans(",.", ".,"))


def _protected(sheet: MonthReportSheet, text: PrintText) -> tuple[Block, ...]:
    if not sheet.protected:
        return (Statement("", text.say("report_nothing_protected")),)
    names = ("report_figure", "report_why", "report_leaves")
    columns = tuple(Column(text.say(name), share) for name, share in zip(names, (5, 7, 5), strict=True))
    rows = tuple(
        tuple(_stacked(text.of(words)) for words in (line.what, line.why, line.leaves)) for line in sheet.protected
    )
    return (Table(columns, rows),)


def _stacked(words: Words) -> Cell:
    return Cell(words.it, beneath="" if words.other == words.it else words.other)


def _package(sheet: MonthReportSheet, text: PrintText) -> tuple[Block, ...]:
    state = text.say(f"report_state_{sheet.state}")
    if sheet.state_at is not None:
        at = text.say("report_state_at", when=sheet.state_at.strftime("%d/%m/%Y %H:%M"))
        state = Words(f"{state.it} {at.it}", f"{state.other} {at.other}".strip())
    size = text.say("report_size_value", n=grouped(sheet.size))
    rows = [
        Row(
            (
                Field("", text.say("report_hash"), in_groups(sheet.sha256, 8), span=13),
                Field("", text.say("report_size"), size, span=4),
            )
        ),
        Row(
            (
                Field("", text.say("report_recipient"), sheet.recipient),
                Field("", text.say("report_recipient_key"), sheet.recipient_fingerprint),
            )
        ),
        Row(
            (
                Field("", text.say("report_state"), state, span=3),
                Field("", text.say("report_receipt"), sheet.receipt or "–"),
            )
        ),
    ]
    if sheet.trail:
        rows.insert(1, Row((Field("", text.say("report_trail"), in_groups(sheet.trail, 8)),)))
    if sheet.signing_fingerprint:
        rows.append(Row((Field("", text.say("report_key"), sheet.signing_fingerprint),)))
    sign = Field("", text.say("report_signature"), span=3, lines=2)
    return (*rows, Row((sign, Field("", text.say("signature_date"), lines=2))))


def in_groups(text: str, size: int) -> str:
    """Return a long code in groups that an eye can compare."""
    return " ".join(text[i : i + size] for i in range(0, len(text), size))
