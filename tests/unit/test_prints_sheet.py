"""What holds for every print: nothing touches the disk, nothing runs off the paper, the preview shows the pages."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app.prints.code_piece import scan_matrix
from app.prints.intake import intake_form
from app.prints.month_report import month_report_pdf, month_report_xlsx
from app.prints.presence import PresenceSheet, presence_register
from app.prints.preview import page_count, page_images
from app.prints.recovery import recovery_sheet
from app.prints.recovery_card import CardSheet, recovery_cards
from tests.unit.prints_support import CODE_GROUPS, ENTE, full_sheet, pdf_text, register_sheet, report_sheet

LONG = "W" * 220
PDFS: dict[str, Callable[[], bytes]] = {
    "intake filled": lambda: intake_form(full_sheet(), second_language="en", ente=ENTE, internal=True),
    "intake blank": lambda: intake_form(None, second_language="fr", ente=ENTE),
    "intake with endless words": lambda: intake_form(
        full_sheet(used_name=LONG, room_bed=LONG, guest_signs_as=LONG, household_head=LONG),
        second_language="uk",
        ente=LONG,
        delivered_to=LONG,
        copy_number=1,
    ),
    "report": lambda: month_report_pdf(report_sheet(house_name=LONG), english=True),
    "recovery": lambda: recovery_sheet(CODE_GROUPS, made_on=date(2026, 11, 22), vault_label="Archivio 3F9A"),
    "recovery cards": lambda: recovery_cards([CardSheet(n, 3, "7F3A", ("academic",) * 20) for n in (1, 2, 3)]),
    "register": lambda: presence_register(register_sheet(40, has_guest_signature=True, ente=LONG)),
    "register blank": lambda: presence_register(PresenceSheet(ENTE, blank_lines=18)),
}
ALL = PDFS | {"workbook": lambda: month_report_xlsx(report_sheet())}


class _Disk:
    """Notes every file that Python opens for writing while it watches; an audit hook can never be taken away."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.watching = False
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.watching:
            return
        if event == "open":
            path, mode, flags = arguments
            writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if writes or any(sign in str(mode or "") for sign in "wax+"):
                self.written.append(str(path))
        elif event.startswith("tempfile.") or event in ("os.mkdir", "os.rename"):
            self.written.append(event)

    def __enter__(self) -> list[str]:
        self.written = []
        self.watching = True
        return self.written

    def __exit__(self, *_: object) -> None:
        self.watching = False


@pytest.fixture(scope="session")
def disk() -> _Disk:
    return _Disk()


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_written_to_the_disk(name: str, disk: _Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    ALL[name]()  # imports may write their byte code
    for function in ("mkstemp", "mkdtemp", "mktemp", "NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, function, _refused)

    with disk as written:
        ALL[name]()
    assert written == []


def _refused(*_: object, **__: object) -> None:
    message = "a print asked for a temporary file"
    raise AssertionError(message)


def test_the_watch_on_the_disk_sees_a_file(disk: _Disk, tmp_path: Path) -> None:
    with disk as written:
        (tmp_path / "clear").write_text("x")
    assert written != []


@pytest.mark.parametrize("name", PDFS)
def test_nothing_is_drawn_where_printers_cannot_reach(name: str) -> None:
    dpi = 50
    rim = int(5 / 25.4 * dpi)
    for image in page_images(PDFS[name](), dpi=dpi):
        row = image.width * 4
        rows = [image.pixels[i : i + row] for i in range(0, len(image.pixels), row)]
        white = b"\xff" * (rim * 4)
        assert all(line == b"\xff" * row for line in (*rows[:rim], *rows[-rim:]))
        assert all(line[: rim * 4] == white and line[-rim * 4 :] == white for line in rows)


@pytest.mark.parametrize("name", ALL)
def test_the_same_sheet_gives_the_same_bytes(name: str) -> None:
    assert ALL[name]() == ALL[name]()


def test_the_preview_has_the_size_of_the_paper_and_shows_ink() -> None:
    pdf = PDFS["register blank"]()
    (image,) = page_images(pdf, dpi=72)

    assert page_count(pdf) == 1
    assert (image.width, image.height) == (842, 595) or (image.width, image.height) == (842, 596)
    assert len(image.pixels) == image.width * image.height * 4
    assert set(image.pixels[3::4]) == {255}
    assert min(image.pixels) < 100


def test_the_preview_can_show_one_page_alone_and_its_name_tells_nothing() -> None:
    images = page_images(PDFS["register"](), dpi=30, pages=range(1, 2))

    assert len(images) == 1
    assert "pixels" not in repr(images[0])


def test_the_recovery_sheet_is_one_page_with_the_code_and_names_no_one() -> None:
    pdf = PDFS["recovery"]()
    signs = "".join(pdf_text(pdf).split())

    assert page_count(pdf) == 1
    for group in CODE_GROUPS:
        assert group in signs
    assert "22/11/2026" in signs
    assert "Archivio3F9A" in signs


def test_the_scanned_code_is_the_printed_one_in_a_square_with_its_three_corners() -> None:
    matrix = scan_matrix("-".join(CODE_GROUPS))
    side = len(matrix)

    assert all(len(row) == side for row in matrix)
    for top, left in ((0, 0), (0, side - 7), (side - 7, 0)):
        assert all(matrix[top][left + i] and matrix[top + 6][left + i] for i in range(7))
    assert matrix != scan_matrix("-".join(reversed(CODE_GROUPS)))
