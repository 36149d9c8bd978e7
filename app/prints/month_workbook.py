"""The month's report as a workbook: figures on the sheet "Rapporto", how each is counted on "Definizioni".

Numbers are numbers; no text ever becomes a formula or a link, whatever sign it begins with. Made in memory.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from app.prints.document import Words
from app.prints.print_text import PrintText, short_date

if TYPE_CHECKING:
    from app.prints.report_sheet import MonthReportSheet, ReportLine

_OPTIONS = {
    # Without in_memory the library writes parts of the workbook to temporary files in clear.
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def month_report_xlsx(sheet: MonthReportSheet) -> bytes:
    """Return the report as a workbook; the same sheet gives the same bytes."""
    import xlsxwriter

    buffer = BytesIO()
    workbook = xlsxwriter.Workbook(buffer, _OPTIONS)
    # A date of the report's own, for the library would write the clock; no author, no company.
    workbook.set_properties({"created": datetime(sheet.made_on.year, sheet.made_on.month, sheet.made_on.day)})  # noqa: DTZ001 - a date, no moment
    book = _Book(workbook, sheet)
    book.write_figures()
    book.write_definitions()
    workbook.close()
    return buffer.getvalue()


class _Book:
    """The workbook being written."""

    def __init__(self, workbook: Any, sheet: MonthReportSheet) -> None:
        self._workbook = workbook
        self._sheet = sheet
        self._text = PrintText(english=False)
        border = {"border": 1, "border_color": "#B9C4CE", "valign": "top"}
        font = {"font_name": "Calibri", "font_size": 11}
        self._title = workbook.add_format({**font, "bold": True, "font_size": 15, "font_color": "#0B5C6B"})
        self._plain = workbook.add_format({**font, "valign": "top"})
        self._bold = workbook.add_format({**font, "bold": True, "valign": "top"})
        self._header = workbook.add_format({**font, **border, "bold": True, "bg_color": "#E2F0F2", "text_wrap": True})
        self._cell = workbook.add_format({**font, **border, "text_wrap": True})
        self._whole = workbook.add_format({**font, **border, "bold": True, "num_format": "#,##0"})
        self._decimal = workbook.add_format({**font, **border, "bold": True, "num_format": "#,##0.0##"})
        self._words = workbook.add_format({**font, **border, "align": "right", "text_wrap": True})

    def _add(self, name: str, widths: tuple[int, ...]) -> Any:
        page = self._workbook.add_worksheet(name)
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        page.hide_gridlines(2)
        page.set_paper(9)  # A4
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_footer("&R&P/&N")
        return page

    def _say(self, name: str, /, **values: object) -> str:
        return self._text.say(name, **values).it

    def _row(self, page: Any, row: int, texts: tuple[str, ...], style: Any) -> None:
        for column, text in enumerate(texts):
            page.write_string(row, column, text, style)

    def write_figures(self) -> None:
        """Write the sheet of the figures, what was protected, and the package."""
        sheet = self._sheet
        page = self._add(self._say("report_sheet_figures"), (40, 26, 30, 44))
        month = self._text.month(sheet.year, sheet.month).it
        page.write_string(0, 0, f"{self._say('report_title')} · {month}", self._title)
        row = self._write_facts(page, 1, self._facts())
        names = ("report_figure", "report_value", "report_group", "report_in_english")
        self._row(page, row + 1, tuple(self._say(name) for name in names), self._header)
        row += 2
        for line in sheet.lines:
            self._row(page, row, (line.label.it, "", line.group.it, line.label.other), self._cell)
            self._write_value(page, row, line)
            row += 1
        row = self._write_protected(page, row + 1)
        self._write_facts(page, row + 1, self._package())

    def _facts(self) -> tuple[tuple[str, str], ...]:
        sheet = self._sheet
        return (
            ("report_house", sheet.house_name),
            ("report_revision", str(sheet.revision)),
            ("report_threshold", self._say("report_threshold_value", n=sheet.threshold)),
            ("report_made_on", short_date(sheet.made_on)),
        )

    def _package(self) -> tuple[tuple[str, str], ...]:
        sheet = self._sheet
        state = self._say(f"report_state_{sheet.state}")
        if sheet.state_at is not None:
            state += " " + self._say("report_state_at", when=sheet.state_at.strftime("%d/%m/%Y %H:%M"))
        return (
            ("report_hash", sheet.sha256),
            ("report_trail", sheet.trail or "–"),
            ("report_recipient", sheet.recipient),
            ("report_recipient_key", sheet.recipient_fingerprint),
            ("report_state", state),
            ("report_receipt", sheet.receipt or "–"),
        )

    def _write_facts(self, page: Any, row: int, facts: tuple[tuple[str, str], ...]) -> int:
        for name, value in facts:
            page.write_string(row, 0, self._say(name), self._bold)
            page.write_string(row, 1, value, self._plain)
            row += 1
        return row

    def _write_value(self, page: Any, row: int, line: ReportLine) -> None:
        if line.is_protected:
            page.write_string(row, 1, self._say("report_suppressed", n=self._sheet.threshold), self._words)
        elif line.value is None:
            page.write_string(row, 1, self._say("report_not_recorded"), self._words)
        elif isinstance(line.value, Words):
            page.write_string(row, 1, line.value.it, self._words)
        else:
            style = self._decimal if isinstance(line.value, Decimal) else self._whole
            page.write_number(row, 1, line.value, style)

    def _write_protected(self, page: Any, row: int) -> int:
        page.write_string(row, 0, self._say("report_protected"), self._bold)
        if not self._sheet.protected:
            page.write_string(row + 1, 0, self._say("report_nothing_protected"), self._plain)
            return row + 2
        names = ("report_figure", "report_why", "report_leaves")
        self._row(page, row + 1, tuple(self._say(name) for name in names), self._header)
        row += 2
        for line in self._sheet.protected:
            self._row(page, row, (line.what.it, line.why.it, line.leaves.it), self._cell)
            row += 1
        return row

    def write_definitions(self) -> None:
        """Write the sheet that says how each figure is counted, in both languages."""
        page = self._add(self._say("report_sheet_definitions"), (32, 62, 62, 34))
        names = ("report_figure", "report_counted", "report_counted_in_english", "report_note")
        self._row(page, 0, tuple(self._say(name) for name in names), self._header)
        page.freeze_panes(1, 0)
        page.repeat_rows(0)
        for row, line in enumerate(self._sheet.lines, start=1):
            texts = (line.label.it, line.definition.it, line.definition.other, line.note.it)
            self._row(page, row, texts, self._cell)
