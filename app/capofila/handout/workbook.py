"""The consolidated workbook of the coordination: a sheet a year, the yearly tables, every figure a row, definitions.

It has each shelter's figures and stays in the network. Made in memory; no text ever becomes a formula or a link.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

from app.capofila.breakdown import NetworkTable, NetworkYear
from app.capofila.handout.cell import mark, told
from app.capofila.handout.network import DUE_DAY, Due, Network, NetworkShelter, local_day, year_periods
from app.capofila.handout.total import ADDABLE, Total, total, year_total
from app.reference.figure import Figure, reported_figures
from app.reference.texts import say_day, tr

_OPTIONS = {
    # Without in_memory the library writes parts of the workbook to temporary files in clear.
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_NAME_WIDTH = 34
_MARKS = ("suppressed", "not_recorded", "awaited", "late", "not_due")


def network_xlsx(
    network: Network, years: Iterable[NetworkYear], now: datetime, *, name: str, due_day: int = DUE_DAY
) -> bytes:
    """Return the workbook of the years; `name` is the capofila's, `now` the moment that it states."""
    import xlsxwriter

    buffer = BytesIO()
    workbook = xlsxwriter.Workbook(buffer, _OPTIONS)
    workbook.set_properties({"created": now.replace(tzinfo=None), "title": tr("handout.book_title")})
    book = _Book(workbook, network, Due(local_day(now), due_day), name)
    chosen = tuple(years)
    for year in chosen:
        book.write_year(year.year)
    for year in chosen:
        if year.tables:
            book.write_breakdowns(year)
    book.write_rows([year.year for year in chosen])
    book.write_definitions()
    workbook.close()
    return buffer.getvalue()


class _Book:
    """The workbook being written."""

    def __init__(self, workbook: Any, network: Network, due: Due, name: str) -> None:
        self._workbook = workbook
        self._network = network
        self._due = due
        self._name = name
        border = {"border": 1, "border_color": "#B9C4CE", "valign": "top"}
        font = {"font_name": "Calibri", "font_size": 11}
        self._title = workbook.add_format({**font, "bold": True, "font_size": 15, "font_color": "#0B5C6B"})
        self._plain = workbook.add_format({**font, "valign": "top"})
        self._section = workbook.add_format({**font, "bold": True, "font_size": 12, "valign": "top"})
        self._header = workbook.add_format({**font, **border, "bold": True, "bg_color": "#E2F0F2", "text_wrap": True})
        self._cell = workbook.add_format({**font, **border, "text_wrap": True})
        self._whole = workbook.add_format({**font, **border, "num_format": "#,##0"})
        self._sum = workbook.add_format({**font, **border, "num_format": "#,##0", "bold": True, "bg_color": "#F4F6F8"})
        self._words = workbook.add_format({**font, **border, "align": "right", "font_color": "#586675"})
        self._sum_words = workbook.add_format({**font, **border, "align": "right", "bg_color": "#F4F6F8"})
        self._sum_label = workbook.add_format({**font, **border, "bold": True, "bg_color": "#F4F6F8"})

    def _add(self, title: str, widths: tuple[int, ...]) -> Any:
        page = self._workbook.add_worksheet(title)
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        page.hide_gridlines(2)
        page.set_paper(9)  # A4
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_footer("&R&P/&N")
        return page

    def _row(self, page: Any, row: int, texts: Iterable[str], style: Any) -> None:
        for column, text in enumerate(texts):
            page.write_string(row, column, text, style)

    def _head(self, page: Any, title: str) -> int:
        page.write_string(0, 0, title, self._title)
        made = tr("handout.book_made", name=self._name, day=say_day(self._due.today))
        page.write_string(1, 0, made, self._plain)
        page.write_string(2, 0, tr("handout.book_inside"), self._plain)
        return 4

    def write_year(self, year: int) -> None:
        """Write a year: of each figure a block with a row a shelter, a column a month, and the totals beneath."""
        page = self._add(str(year), (_NAME_WIDTH, 10, *([9] * 12), 12))
        row = self._head(page, f"{tr('handout.book_title')} · {year}")
        months = tr("calendar.months_short").split(",")
        for figure in reported_figures():
            page.write_string(row, 0, f"{figure.code} · {figure.label()}", self._section)
            head = (tr("handout.shelter"), tr("handout.province"), *months, tr("handout.year_sum"))
            self._row(page, row + 1, head, self._header)
            row += 2
            for shelter in self._network.shelters:
                row = self._write_shelter(page, row, shelter, figure, year)
            row = self._write_totals(page, row, figure, year) + 1
        page.freeze_panes(0, 1)

    def _write_shelter(self, page: Any, row: int, shelter: NetworkShelter, figure: Figure, year: int) -> int:
        self._row(page, row, (shelter.name, shelter.province or ""), self._cell)
        page.set_row(row, 15 * (1 + len(shelter.name) // _NAME_WIDTH))
        values: list[int | None] = []
        for column, period in enumerate(year_periods(year), start=2):
            state, value = told(self._network, shelter, period, figure.code, self._due)
            if value is not None:
                page.write_number(row, column, value, self._whole)
            elif period >= f"{self._due.today:%Y-%m}" and state != "not_due":
                page.write_string(row, column, "", self._words)
                continue
            else:
                page.write_string(row, column, mark(state), self._words)
            if state != "not_due":
                values.append(value)
        shown = [value for value in values if value is not None]
        if figure.code in ADDABLE and shown and len(shown) == len(values):
            page.write_number(row, 14, sum(shown), self._whole)
        else:
            page.write_string(row, 14, "", self._words)
        return row + 1

    def _write_totals(self, page: Any, row: int, figure: Figure, year: int) -> int:
        self._row(page, row, (tr("handout.network_total"), ""), self._sum_label)
        for column, period in enumerate(year_periods(year), start=2):
            self._write_total(page, row, column, total(self._network, figure.code, period))
        whole = year_total(self._network, figure.code, year_periods(year))
        self._write_total(page, row, 14, whole)
        return row + 1

    def _write_total(self, page: Any, row: int, column: int, found: Total) -> None:
        if found.value is not None:
            page.write_number(row, column, found.value, self._sum)
        else:
            page.write_string(row, column, "" if found.why == "no_report" else mark("suppressed"), self._sum_words)

    def write_breakdowns(self, year: NetworkYear) -> None:
        """Write the yearly tables of the network: sums of what the shelters published, never a difference."""
        page = self._add(tr("handout.sheet_breakdowns", year=year.year), (44, 12, 16, 14, 24))
        row = self._head(page, tr("handout.breakdowns_title", year=year.year))
        for table in year.tables:
            page.write_string(row, 0, table_head(table), self._section)
            head = ("item", "persons", "undivided", "shelters", "outside")
            self._row(page, row + 1, (tr(f"handout.breakdown_{name}") for name in head), self._header)
            row += 2
            for item in table.items:
                page.write_string(row, 0, "   " * item.depth + item.label, self._cell)
                page.write_number(row, 1, item.total, self._whole)
                page.write_number(row, 2, item.undivided, self._whole)
                page.write_number(row, 3, item.shelters, self._whole)
                outside = tr("handout.yes") if item.may_be_handed_on else tr("handout.no")
                page.write_string(row, 4, outside, self._cell)
                row += 1
            row += 1

    def write_rows(self, years: list[int]) -> None:
        """Write every figure as a row of its own, to be filtered."""
        page = self._add(tr("handout.sheet_rows"), (34, 10, 10, 9, 18, 8, 34, 14, 12))
        names = ("shelter", "province", "period", "revision", "received", "code", "figure", "state", "value")
        self._row(page, 0, (tr(f"handout.{name}") for name in names), self._header)
        row = 1
        for period in sorted(period for year in years for period in year_periods(year)):
            for shelter in self._network.shelters:
                report = self._network.report(shelter.id, period)
                if report is None:
                    continue
                for figure in reported_figures():
                    state, value = told(self._network, shelter, period, figure.code, self._due)
                    received = f"{report.received_at:%Y-%m-%d %H:%M} UTC"
                    place = (shelter.name, shelter.province or "", period, str(report.report.revision), received)
                    told_as = "" if state == "shown" else mark(state)
                    self._row(page, row, (*place, figure.code, figure.label(), told_as), self._cell)
                    if value is not None:
                        page.write_number(row, 8, value, self._whole)
                    else:
                        page.write_blank(row, 8, None, self._cell)
                    row += 1
        page.autofilter(0, 0, max(row - 1, 1), 8)
        page.freeze_panes(1, 1)

    def write_definitions(self) -> None:
        """Write how each figure is counted, what the signs mean, and by which rule totals are made."""
        page = self._add(tr("handout.sheet_definitions"), (10, 34, 90, 50))
        names = ("code", "figure", "counted", "who_counts")
        self._row(page, 0, (tr(f"handout.{name}") for name in names), self._header)
        row = 1
        for figure in reported_figures():
            texts = (figure.code, figure.label(), figure.definition(), figure.persons())
            self._row(page, row, texts, self._cell)
            row += 1
        for text in _explained():
            page.merge_range(row + 1, 0, row + 1, 3, "", self._cell)
            page.write_string(row + 1, 0, text, self._cell)
            page.set_row(row + 1, 15 * (1 + len(text) // 150))
            row += 1
        page.freeze_panes(1, 0)


def _explained() -> tuple[str, ...]:
    marks = tuple(f"{mark(name)}: {tr(f'handout.meaning_{name}')}" for name in _MARKS)  # type: ignore[arg-type]  # each a CellState
    return (*marks, tr("handout.rule_total"), tr("handout.rule_year"), tr("handout.rule_breakdowns"))


def table_head(table: NetworkTable) -> str:
    """Return what a yearly table is of, in one line."""
    what = tr(f"cli.network_family_{table.family}", day=say_day(table.day), year=table.day.year)
    return tr(
        "handout.table_head",
        variable=tr(f"breakdown.variable_{table.variable}"),
        what=what,
        profile=tr(f"cli.network_profile_{table.profile}"),
    )
