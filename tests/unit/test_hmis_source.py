"""Reading an HMIS export: the mess that is overcome, the mess that is told, and the mess at which the import stops."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app import errors
from app.services.hmis.source import HmisExport, parse_day, read_export
from tests.hmis_folder import small_export


def read(folder: Path) -> HmisExport:
    return read_export(folder, lambda _name, _done, _total: None)


def rewrite(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_bytes().decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_bytes(text.encode())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_export(tmp_path / "hmis").write()


def test_a_plain_export_is_read_whole(folder: Path) -> None:
    export = read(folder)
    assert (export.source, export.starts_on, export.ends_on) == ("hmis:ProvaDB", date(2022, 1, 1), date(2022, 3, 31))
    assert export.row_counts()["Services.csv"] == 6
    assert export.rows("Client.csv")[0].text("FirstName") == "Ada"
    assert export.rows("Client.csv")[0].line == 2
    assert (export.unread, export.notes) == ((), ())


def test_a_byte_order_mark_and_any_line_end_are_overcome(folder: Path) -> None:
    client = folder / "Client.csv"
    client.write_bytes(b"\xef\xbb\xbf" + client.read_bytes().replace(b"\r\n", b"\n"))
    (folder / "Exit.csv").write_bytes((folder / "Exit.csv").read_bytes().replace(b"\r\n", b"\r"))
    export = read(folder)
    assert [row.external_id for row in export.rows("Client.csv")] == ["1", "2", "3", "4"]
    assert [row.line for row in export.rows("Exit.csv")] == [2]


def test_names_of_files_and_columns_may_differ_in_case_and_blanks(folder: Path) -> None:
    (folder / "Client.csv").rename(folder / "CLIENT.CSV")
    rewrite(folder / "CLIENT.CSV", ("PersonalID,FirstName", '" personalid ",FIRSTNAME'))
    assert read(folder).rows("Client.csv")[0].text("FirstName") == "Ada"


def test_quotes_commas_and_line_ends_inside_a_field_are_kept_apart(folder: Path) -> None:
    rewrite(folder / "Client.csv", ("1,Ada,", '1,"Ada, detta ""la\r\nnonna""",'))
    rows = read(folder).rows("Client.csv")
    assert rows[0].text("FirstName") == 'Ada, detta "la\r\nnonna"'
    assert rows[1].line == 4


def test_an_old_encoding_is_read_and_told(folder: Path) -> None:
    rewrite(folder / "Client.csv", ("Ada", "Zoë"))
    (folder / "Client.csv").write_bytes((folder / "Client.csv").read_text(encoding="utf-8").encode("cp1252"))
    export = read(folder)
    assert export.rows("Client.csv")[0].text("FirstName") == "Zoë"
    assert [(note.file, note.reason) for note in export.notes] == [("Client.csv", "windows_1252")]


def test_text_in_utf_16_is_refused_not_guessed(folder: Path) -> None:
    (folder / "Client.csv").write_bytes((folder / "Client.csv").read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(errors.HmisFileUnreadable) as refused:
        read(folder)
    assert refused.value.params == {"file": "Client.csv", "line": 1}


def test_a_row_of_another_width_is_told_and_the_others_are_read(folder: Path) -> None:
    with (folder / "Client.csv").open("ab") as file:
        file.write(b"5,Eva\r\n\r\n" + b"6,Fede,,Prova" + b"," * 14 + b"\r\n" + b"," * 20 + b"\r\n")
    export = read(folder)
    assert [row.external_id for row in export.rows("Client.csv")] == ["1", "2", "3", "4", "6"]
    assert [(row.line, row.reason, row.found, row.expected) for row in export.unread] == [(6, "columns", 2, 16)]
    assert export.row_counts()["Client.csv"] == 6


def test_a_row_with_broken_quotes_is_told_and_the_others_are_read(folder: Path) -> None:
    rewrite(folder / "Client.csv", ("2,Bea", '2,"Be"a'))
    export = read(folder)
    assert [row.external_id for row in export.rows("Client.csv")] == ["1", "3", "4"]
    assert [(row.line, row.reason) for row in export.unread] == [(3, "quotes")]


def test_a_quote_that_is_never_closed_stops_the_import_before_it_swallows_rows(folder: Path) -> None:
    rewrite(folder / "Client.csv", ("2,Bea", '2,"Bea'))
    with pytest.raises(errors.HmisFileUnreadable) as refused:
        read(folder)
    assert refused.value.params == {"file": "Client.csv", "line": 3}


def test_a_folder_that_is_no_export_is_refused(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(errors.NotAnHmisExport):
        read(tmp_path / "nowhere")
    with pytest.raises(errors.NotAnHmisExport):
        read(folder / "Client.csv")
    (folder / "Exit.csv").unlink()
    with pytest.raises(errors.NotAnHmisExport) as refused:
        read(folder)
    assert refused.value.params == {"files": "Exit.csv"}


def test_missing_columns_are_named(folder: Path) -> None:
    rewrite(folder / "Enrollment.csv", ("EntryDate", "Entry"), ("HouseholdID", "Household"))
    with pytest.raises(errors.HmisColumnsMissing) as refused:
        read(folder)
    assert refused.value.params == {"file": "Enrollment.csv", "columns": "EntryDate, HouseholdID"}


def test_an_empty_file_lacks_its_columns(folder: Path) -> None:
    (folder / "Client.csv").write_bytes(b"")
    with pytest.raises(errors.HmisColumnsMissing):
        read(folder)


@pytest.mark.parametrize("end", ["", "31/03/2022", "2022-02-30"])
def test_an_export_must_say_when_it_ends(folder: Path, end: str) -> None:
    rewrite(folder / "Export.csv", ("2022-03-31", end))
    with pytest.raises(errors.HmisExportUndated):
        read(folder)


def test_files_that_may_be_missing_are_told(folder: Path) -> None:
    for name in ("Inventory.csv", "HealthAndDV.csv", "Disabilities.csv"):
        (folder / name).unlink()
    export = read(folder)
    assert [(note.file, note.reason) for note in export.notes] == [
        ("Inventory.csv", "file_missing"),
        ("HealthAndDV.csv", "file_missing"),
        ("Disabilities.csv", "file_missing"),
    ]


def test_what_the_register_has_no_place_for_is_never_held(folder: Path) -> None:
    export = read(folder)
    for row in export.rows("Client.csv"):
        assert not {"SSN", "MiddleName", "VeteranStatus"} & row.values.keys()
        assert "Ada" not in repr(row)
        assert "123456789" not in str(row.values)
    assert export.rows("HealthAndDV.csv")[0].values == {}
    assert "Ada" not in repr(export)


def test_other_files_are_named_and_not_read(folder: Path) -> None:
    (folder / "IncomeBenefits.csv").write_bytes(b"\x00")
    assert read(folder).not_read == ("IncomeBenefits.csv",)


def test_the_source_is_the_same_for_every_export_of_one_system(folder: Path) -> None:
    rewrite(folder / "Export.csv", ("ProvaDB", "x" * 40))
    first = read(folder).source
    rewrite(folder / "Export.csv", ("E1,", "E2,"))
    assert read(folder).source == first
    assert len(first) <= 40
    rewrite(folder / "Export.csv", ("x" * 40, ""))
    assert read(folder).source not in (first, "hmis:")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-09-30", date(2022, 9, 30)),
        ("2022-09-30 23:59:59", date(2022, 9, 30)),
        ("2022-09-30T23:59:59.0", date(2022, 9, 30)),
        ("", None),
        ("2022-02-30", None),
        ("2022-13-01", None),
        ("0022-01-01", None),
        ("30/09/2022", None),
        ("2022-9-3", None),
        ("20220930", None),
        ("2022-09-30x", None),
    ],
)
def test_a_day_is_a_real_day_written_in_one_way(text: str, day: date | None) -> None:
    assert parse_day(text) == day


def test_a_byte_order_mark_before_an_old_encoding_is_overcome_too(folder: Path) -> None:
    client = folder / "Client.csv"
    client.write_bytes(b"\xef\xbb\xbf" + client.read_bytes().replace(b"Ada", b"Zo\xeb"))
    export = read(folder)
    assert export.rows("Client.csv")[0].text("FirstName") == "Zoë"
    assert [note.reason for note in export.notes] == ["windows_1252"]
