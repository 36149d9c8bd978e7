"""The month's report on paper and as a workbook: numbers are numbers, what is protected stays protected."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from app.prints.document import Words
from app.prints.month_report import ReportLine, month_report_pdf, month_report_xlsx
from tests.unit.prints_support import page_texts, pdf_text, report_sheet


def workbook(**changes: object) -> Any:
    return load_workbook(BytesIO(month_report_xlsx(report_sheet(**changes))))


def column(page: Any, label: str) -> Any:
    return next(row[1] for row in page.iter_rows() if row[0].value == label and row[1].value is not None)


@pytest.mark.parametrize("english", [False, True])
def test_the_report_is_one_page_with_figures_reasons_definitions_and_the_hash(english: bool) -> None:
    pdf = month_report_pdf(report_sheet(), english=english)
    text = pdf_text(pdf)

    assert len(page_texts(pdf)) == 1
    for value in (
        *("Rapporto mensile · giugno 2026", "Struttura 07", "12.341", "n.p. (meno di 5 persone)", "non rilevato"),
        *("riguardano meno di 5 persone", "solo il totale di rete", "Le notti registrate come P."),
        *("9f86d081 884c7d65 9a2feaa0", "7F2A 91C4", "4.096 byte", "consegnato: ricevuta verificata"),
        *("02/07/2026 21:14", "R-2026-000123"),
    ):
        assert value in text, value
    assert ("Nights of shelter" in text) is english


def test_only_a_verified_receipt_is_called_delivered() -> None:
    text = pdf_text(month_report_pdf(report_sheet(state="prepared", state_at=None, receipt="")))

    assert "firmato, in attesa di invio" in text
    assert "consegnato" not in text


def test_a_protected_value_is_nowhere_in_either_file_even_when_it_is_given() -> None:
    line = ReportLine(Words("Invii"), Words("Come si conta."), 777123, is_protected=True)
    sheet = report_sheet(lines=(line,), protected=())

    assert "777" not in pdf_text(month_report_pdf(sheet))
    cells = [cell.value for page in load_workbook(BytesIO(month_report_xlsx(sheet))) for row in page for cell in row]
    assert not any("777" in str(value) for value in cells)
    assert "In questo mese nessun dato ha avuto bisogno di protezione." in cells


def test_numbers_are_numbers_zero_is_zero_and_the_protected_one_is_words() -> None:
    page = workbook()["Rapporto"]

    assert column(page, "Notti di accoglienza").value == 12341
    assert column(page, "Notti di accoglienza").number_format == "#,##0"
    assert column(page, "Posti disponibili").value == 0
    assert column(page, "Pasti erogati").value == "non rilevato"
    assert column(page, "Invii sanitari").value == "n.p. (meno di 5 persone)"


def test_decimals_and_structural_words_are_kept() -> None:
    lines = (
        ReportLine(Words("Posti medi"), Words("Media."), Decimal("11.5")),
        ReportLine(Words("Altri dettagli"), Words("Profilo."), Words("profilo: solo donne")),
    )

    assert column(workbook(lines=lines)["Rapporto"], "Posti medi").value == 11.5
    text = pdf_text(month_report_pdf(report_sheet(lines=lines)))
    assert "11,5" in text
    assert "profilo: solo donne" in text


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "http://"])
def test_no_text_becomes_a_formula_or_a_link(sign: str) -> None:
    risky = f"{sign}cmd|' /C calc'!A0"
    line = ReportLine(Words(risky, risky), Words(risky, risky), 5, group=Words(risky), note=Words(risky))
    book = workbook(house_name=risky, recipient=risky, receipt=risky, lines=(line,))

    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    held = [cell for cell in cells if isinstance(cell.value, str) and "cmd|" in cell.value]
    assert len(held) >= 8
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in held)


def test_the_definitions_stand_on_their_own_sheet_in_both_languages() -> None:
    page = workbook()["Definizioni"]

    assert [cell.value for cell in page[3]][:3] == [
        "Notti di accoglienza",
        "Le notti registrate come P.",
        "The nights recorded as P.",
    ]
    assert page.freeze_panes == "A2"


def test_the_workbook_names_no_author_and_is_the_same_each_time() -> None:
    properties = workbook().properties

    assert not properties.creator
    assert not properties.lastModifiedBy
    assert properties.created == datetime(2026, 7, 2)  # noqa: DTZ001 - a workbook knows no zone
    assert month_report_xlsx(report_sheet()) == month_report_xlsx(report_sheet())
