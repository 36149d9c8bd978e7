"""The files that are handed out, read with other tools than those that made them."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from io import BytesIO, StringIO
from xml.etree import ElementTree
from zipfile import ZipFile

import openpyxl
import pytest
from pypdf import PdfReader

from app.capofila.breakdown import NetworkItem, NetworkTable, NetworkYear
from app.capofila.handout.exchange import ADX, adx, dhis2, groups, outside_groups
from app.capofila.handout.network import Due, Network, earlier, last_periods, year_periods
from app.capofila.handout.relation import network_pdf
from app.capofila.handout.reminder import calendar, late_shelters, reminder_text
from app.capofila.handout.table import figures_csv, harmless, totals_csv
from app.capofila.handout.workbook import network_xlsx
from app.reference.figure import reported_figures
from app.sync.payload import ELEMENTS, Shown
from tests.board.scene import HOSTILE
from tests.board.story import HIDDEN, NOW, TODAY, network_of, shelter, usual_network

PERIODS = year_periods(2026)


def item(label: str, depth: int, total: int, *, outside: bool) -> NetworkItem:
    return NetworkItem(label, label, depth, total, 3, 3 if outside else 2, outside)


YEAR = NetworkYear(
    2026,
    (
        NetworkTable(
            *("gender", "women", "C", date(2026, 12, 31), 4, 1, 0),
            (
                item("Tutte", 0, 81, outside=True),
                item("Donne", 1, 64, outside=True),
                item("Altre", 1, 17, outside=False),
            ),
        ),
    ),
)


@pytest.fixture(scope="module")
def network() -> Network:
    return usual_network(6, HOSTILE)


@pytest.fixture(scope="module")
def book(network: Network) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(network_xlsx(network, [YEAR], NOW, name="Comune capofila")))


def test_the_workbook_has_a_sheet_a_year_one_of_definitions_and_no_formula(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["2026", "Ripartizioni 2026", "Dati", "Definizioni"]
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    names = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert set(HOSTILE) <= names
    told = " ".join(sorted(names))
    for figure in reported_figures():
        assert figure.definition() in told
    assert "n.p.: non pubblicato." in told


def test_the_workbook_is_made_without_macros_links_or_an_author(network: Network) -> None:
    parts = ZipFile(BytesIO(network_xlsx(network, [YEAR], NOW, name="x")))
    listed = parts.namelist()
    assert not [name for name in listed if "vba" in name or "externalLink" in name]
    assert b"<dc:creator></dc:creator>" in parts.read("docProps/core.xml")
    assert network_xlsx(network, [YEAR], NOW, name="x") == network_xlsx(network, [YEAR], NOW, name="x")


def test_every_number_of_the_workbook_is_one_that_a_shelter_shows(network: Network, book: openpyxl.Workbook) -> None:
    page = book["Dati"]
    rows = list(page.iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(network.reports) * len(ELEMENTS)
    names = {one.id: one.name for one in network.shelters}
    shown = {
        (names[who], period, cell.element): cell.value
        for (who, period), report in network.reports.items()
        for cell in report.report.figures
        if isinstance(cell, Shown)
    }
    assert {(row[0], row[2], row[5]): row[8] for row in rows if row[8] is not None} == shown
    assert {row[7] for row in rows if row[8] is None} == {"n.p.", "n.r."}


def test_a_withheld_total_is_no_number_in_the_workbook() -> None:
    rows = {shelter(n): {"2026-03": {"M07": HIDDEN if n == 1 else 60 + n}} for n in range(1, 5)}
    made = openpyxl.load_workbook(BytesIO(network_xlsx(network_of(rows), [NetworkYear(2026, ())], NOW, name="x")))
    page = [list(row) for row in made["2026"].iter_rows(values_only=True)]
    start = next(n for n, row in enumerate(page) if str(row[0]).startswith("M07"))
    sums = next(row for row in page[start:] if row[0] == "Totale della rete")
    assert sums[4] == "n.p."
    assert sums[14] == "n.p."


def test_the_report_for_outside_names_no_shelter_and_nothing_of_the_field(network: Network) -> None:
    pdf = network_pdf(network, YEAR, NOW, name="Comune capofila")
    text = " ".join("\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
    for name in ("Aurora", "Valtellina", "Rifugio", "script", "HYPERLINK"):
        assert name not in text
    assert not re.search(r"tratta|vittim|sfruttament|prostituz|antitratta", text, re.IGNORECASE)
    assert "1.233" in text
    assert "ottobre 5/6" in text, "a total says over how many reports it is"
    assert "n.p." in text
    assert "64" in text
    assert "Altre" not in text, "an item of two shelters stays inside"
    assert "Una notte è contata quando" in text
    assert not PdfReader(BytesIO(pdf)).metadata.author  # type: ignore[union-attr]
    assert pdf == network_pdf(network, YEAR, NOW, name="Comune capofila")


def test_the_fonts_of_the_report_are_in_it(network: Network) -> None:
    reader = PdfReader(BytesIO(network_pdf(network, YEAR, NOW, name="x")))
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            assert "/FontFile2" in font.get_object()["/FontDescriptor"]


def test_adx_tells_only_what_is_shown_in_the_form_of_the_profile(network: Network) -> None:
    root = ElementTree.fromstring(adx(groups(network, PERIODS), NOW))  # noqa: S314 - our own bytes
    assert root.tag == f"{{{ADX}}}adx"
    assert re.fullmatch(r"2026-11-03T09:30:00\+00:00", root.attrib["exported"])
    told = {}
    for group in root:
        assert set(group.attrib) == {"orgUnit", "period", "dataSet", "completeDate"}
        assert re.fullmatch(r"2026-\d\d-01/P1M", group.attrib["period"])
        for value in group:
            assert set(value.attrib) == {"dataElement", "value"}
            place = (group.attrib["orgUnit"], group.attrib["period"][:7], value.attrib["dataElement"])
            assert place not in told
            told[place] = int(value.attrib["value"])
    assert told == {
        (who, period, cell.element): cell.value
        for (who, period), report in network.reports.items()
        for cell in report.report.figures
        if isinstance(cell, Shown)
    }


def test_dhis2_tells_the_same(network: Network) -> None:
    document = json.loads(dhis2(groups(network, PERIODS)))
    root = ElementTree.fromstring(adx(groups(network, PERIODS), NOW))  # noqa: S314 - our own bytes
    assert len(document["dataValues"]) == sum(len(group) for group in root)
    assert {value["period"] for value in document["dataValues"]} == {f"2026{month:02d}" for month in range(1, 11)}


def test_outside_there_is_one_unit_and_no_shelter(network: Network) -> None:
    found = list(outside_groups(network, PERIODS, "rete"))
    assert {group.unit for group in found} == {"rete"}
    assert {group.complete_on for group in found} == {None}
    assert dict(found[0].values)["M07"] == 1233
    assert "M07" not in dict(found[-1].values), "one shelter's report is awaited"


def test_adx_without_anything_to_tell_is_refused() -> None:
    with pytest.raises(ValueError, match="no group"):
        adx([], NOW)


def test_csv_is_read_back_and_no_cell_is_a_formula(network: Network) -> None:
    for made in (figures_csv(network, PERIODS, Due(TODAY)), totals_csv(network, PERIODS)):
        assert made.startswith("\ufeff".encode())
        assert made.count(b"\n") == made.count(b"\r\n")
        rows = list(csv.reader(StringIO(made.decode("utf-8-sig"), newline=""), strict=True))
        assert {len(row) for row in rows} == {len(rows[0])}
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_csv_tells_protected_unrecorded_awaited_and_late_apart(network: Network) -> None:
    made = figures_csv(network, PERIODS, Due(TODAY)).decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(made, newline="")))
    assert {row["status"] for row in rows} == {"shown", "suppressed", "not_recorded", "late", "awaited"}
    assert all((row["value"] != "") == (row["status"] == "shown") for row in rows)


@pytest.mark.parametrize("text", ["=1+1", " =1", "@x", "+39", "-1", "\tx", "＝1"])
def test_a_text_that_looks_like_a_formula_is_made_harmless(text: str) -> None:
    assert str(harmless(text)).startswith("'")
    assert harmless(-1) == -1


def test_the_calendar_keeps_to_its_standard() -> None:
    made = calendar(PERIODS, NOW, Due(TODAY)).decode("utf-8")
    assert made.count("\n") == made.count("\r\n")
    assert all(len(line.encode()) <= 75 for line in made.split("\r\n"))
    unfolded = made.replace("\r\n ", "").split("\r\n")
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") == 12
    assert "DTSTART;VALUE=DATE:20261105" in unfolded
    assert "DTEND;VALUE=DATE:20261106" in unfolded
    assert len({line for line in unfolded if line.startswith("UID:")}) == 12


def test_late_are_those_whose_due_day_is_over(network: Network) -> None:
    (late,) = late_shelters(network, last_periods(TODAY, 6), Due(TODAY))
    assert (late.shelter.name, late.periods) == ("Casa Valtellina", ("2026-09",))
    text = reminder_text(late, Due(TODAY))
    assert "settembre 2026 (atteso entro il 5 ott 2026)" in text
    assert "Valtellina" not in text
    assert len(late_shelters(network, last_periods(TODAY, 6), Due(date(2026, 11, 6)))[0].periods) == 2


def test_the_due_day_can_be_another() -> None:
    assert Due(TODAY, 10).on("2026-12") == date(2027, 1, 10)
    assert earlier("2026-01") == "2025-12"
    assert earlier("2026-12", -1) == "2027-01"
