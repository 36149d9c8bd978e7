"""The report of the network for those who fund it: totals of a year, charts, yearly tables, definitions, as PDF.

It leaves the network: no shelter is named, and every number is one that may be handed on. Its title and its first page
say nothing of the field.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.capofila.breakdown import NetworkTable, NetworkYear
from app.capofila.handout.chart import BarChart
from app.capofila.handout.network import Network, local_day, year_periods
from app.capofila.handout.total import Total, total, year_total
from app.capofila.handout.workbook import table_head
from app.prints.bit import SpaceBit, TextBit, marked_up
from app.prints.document import Document, Head, Texts, Words
from app.prints.page import BODY_FOOT, BODY_WIDTH, MARGIN, body_top, draw_frame, title_piece
from app.prints.piece import CellRow, Gap, Heading, Piece
from app.prints.sheet import MUTED, Sheet
from app.reference.figure import reported_figures
from app.reference.format import number
from app.reference.texts import say_day, tr

CHARTED = ("M07", "M06", "M09")
_HEADER = (0.957, 0.965, 0.973)


def network_pdf(network: Network, year: NetworkYear, now: datetime, *, name: str) -> bytes:
    """Return the report of a year; the same network and moment give the same bytes."""
    title = tr("handout.pdf_title", year=year.year)
    head = Head(issuer=name, words=Words(title), form=Words(""), page=Words(tr("handout.pdf_page")))
    document = Document(head, (), Texts(Words(""), Words("")), title=title)
    flow = _Flow(body_top(head))
    flow.place(title_piece(document))
    for piece in _pieces(network, year, now):
        flow.place(piece)
    sheet = Sheet(title, "it")
    for index, page in enumerate(flow.pages):
        draw_frame(sheet, document, page=index + 1, pages=len(flow.pages))
        for piece, top in page:
            piece.draw(sheet, MARGIN, top)
        sheet.next_page()
    return sheet.finish()


@dataclass(slots=True)
class _Flow:
    """Pages being filled; a heading never stands last, a table's head comes again on the next page."""

    top: float
    pages: list[list[tuple[Piece, float]]]
    at: float
    _kept: list[Piece]

    def __init__(self, top: float) -> None:
        self.top = self.at = top
        self.pages = [[]]
        self._kept = []

    def place(self, piece: Piece) -> None:
        """Set a piece, with those that must stay with it."""
        self._kept.append(piece)
        if piece.keep:
            return
        together, self._kept = self._kept, []
        if sum(part.height for part in together) > self.at - BODY_FOOT and self.pages[-1]:
            self.pages.append([])
            self.at = self.top
            if together[0].repeated is not None:
                together.insert(0, together[0].repeated)
        for part in together:
            if not (isinstance(part, Gap) and not self.pages[-1]):
                self.pages[-1].append((part, self.at))
                self.at -= part.height


def _pieces(network: Network, year: NetworkYear, now: datetime) -> list[Piece]:
    periods = year_periods(year.year)
    made = tr("handout.pdf_made", day=say_day(local_day(now)))
    pieces: list[Piece] = [_text(made, muted=True), _text(tr("handout.pdf_about")), Gap(4)]
    pieces += [
        _heading(tr("handout.pdf_totals")),
        *_totals(network, periods),
        _text(tr("handout.rule_outside"), muted=True),
    ]
    pieces += [Gap(6), _heading(tr("handout.pdf_charts"))]
    for code in CHARTED:
        chart = _chart(network, code, periods)
        if chart is not None:
            pieces += [chart, Gap(6)]
    tables = [table for table in year.tables if any(item.may_be_handed_on for item in table.items)]
    if tables:
        pieces += [_heading(tr("handout.pdf_tables"))]
        for table in tables:
            pieces += _table(table)
        pieces += [_text(tr("handout.rule_breakdowns_outside"), muted=True)]
    pieces += [Gap(6), _heading(tr("handout.pdf_definitions")), *_definitions()]
    return pieces


def _totals(network: Network, periods: tuple[str, ...]) -> list[Piece]:
    """Return the table of the months: a row a month with how many reports came, a column a figure, the year beneath."""
    figures = reported_figures()
    widths = (BODY_WIDTH * 0.1, BODY_WIDTH * 0.08, *([BODY_WIDTH * 0.82 / len(figures)] * len(figures)))
    names = (tr("handout.month"), tr("handout.pdf_reports"), *(f"{figure.code} {figure.label()}" for figure in figures))
    head = _row(names, widths, bold=True, fill=_HEADER, keep=True)
    rows: list[Piece] = [head]
    months = tr("calendar.months").split(",")
    came = set(network.periods())
    for period in periods:
        if period not in came:
            continue
        found = [total(network, figure.code, period, outside=True) for figure in figures]
        sent, of = network.sent_of(period)
        came_of = tr("handout.pdf_reports_of", n=number(sent), all=number(of))
        words = (months[int(period[5:]) - 1], came_of, *(_shown(one) for one in found))
        rows.append(_row(words, widths, repeated=head))
    whole = [year_total(network, figure.code, periods, outside=True) for figure in figures]
    rows.append(_row((tr("handout.year"), "", *(_shown(one) for one in whole)), widths, bold=True, repeated=head))
    return rows


def _shown(found: Total) -> str:
    if found.value is not None:
        return number(found.value)
    return "–" if found.why == "no_report" else tr("handout.mark_suppressed")


def _chart(network: Network, code: str, periods: tuple[str, ...]) -> BarChart | None:
    found = [total(network, code, period, outside=True) for period in periods]
    values = tuple(
        one.value if one.value is not None else "" if one.why == "no_report" else tr("handout.mark_suppressed")
        for one in found
    )
    if not any(isinstance(value, int) for value in values):
        return None
    figure = next(figure for figure in reported_figures() if figure.code == code)
    labels = tuple(tr("calendar.months_short").split(","))
    title = tr("handout.chart_title", figure=figure.label(), unit=figure.unit_label(2))
    return BarChart(title, labels, values)


def _table(table: NetworkTable) -> list[Piece]:
    widths = (BODY_WIDTH * 0.8, BODY_WIDTH * 0.2)
    head = _row((table_head(table), tr("handout.breakdown_persons")), widths, bold=True, fill=_HEADER, keep=True)
    rows = [
        _row(("\u00a0\u00a0\u00a0" * item.depth + item.label, number(item.total)), widths, repeated=head)
        for item in table.items
        if item.may_be_handed_on
    ]
    return [head, *rows, Gap(6)]


def _definitions() -> list[Piece]:
    widths = (BODY_WIDTH * 0.24, BODY_WIDTH * 0.76)
    return [
        CellRow(
            (
                (TextBit(f"<b>{figure.code}</b> {marked_up(figure.label())}", 8.2),),
                (TextBit(marked_up(figure.definition()), 8.2),),
            ),
            widths,
        )
        for figure in reported_figures()
    ]


def _row(
    texts: tuple[str, ...],
    widths: tuple[float, ...],
    *,
    bold: bool = False,
    fill: tuple[float, float, float] | None = None,
    keep: bool = False,
    repeated: CellRow | None = None,
) -> CellRow:
    size = 7.4 if fill else 8.6
    cells = []
    for column, text in enumerate(texts):
        markup = f"<b>{marked_up(text)}</b>" if bold else marked_up(text)
        cells.append((TextBit(markup, size, align="right" if column else "left"),))
    return CellRow(tuple(cells), widths, fill=fill, keep=keep, repeated=repeated)


def _heading(text: str) -> Heading:
    return Heading(marked_up(text), BODY_WIDTH)


def _text(text: str, *, muted: bool = False) -> CellRow:
    bit = TextBit(marked_up(text), 8.2, MUTED) if muted else TextBit(marked_up(text), 8.8)
    return CellRow(((bit, SpaceBit(2)),), (BODY_WIDTH,), bordered=False)
