"""Printing from memory: the pages reach the printer, only those asked for, and the spool folder is put back."""

from __future__ import annotations

import os
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from app.prints.intake import intake_form
from app.ui.paper import print_pdf

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def pdf() -> bytes:
    return intake_form(None, second_language="en", ente="Ente di prova")


@pytest.fixture
def printer(tmp_path: Path, qtbot: QtBot) -> QPrinter:
    made = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(tmp_path / "out.pdf"))
    made.setFullPage(True)
    return made


def pages(path: Path) -> int:
    with pypdfium2.PdfDocument(path) as document:
        return len(document)


def test_every_page_reaches_the_printer(pdf: bytes, printer: QPrinter, tmp_path: Path) -> None:
    with pypdfium2.PdfDocument(pdf) as document:
        wanted = len(document)
    assert print_pdf(printer, pdf)
    assert pages(tmp_path / "out.pdf") == wanted


def test_only_the_pages_asked_for_are_printed(pdf: bytes, printer: QPrinter, tmp_path: Path) -> None:
    printer.setFromTo(2, 2)
    assert print_pdf(printer, pdf)
    assert pages(tmp_path / "out.pdf") == 1


def test_the_folder_for_temporary_files_is_put_back(
    pdf: bytes, printer: QPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", "/somewhere")
    print_pdf(printer, pdf)
    assert os.environ["TMPDIR"] == "/somewhere"


@pytest.mark.qt_log_ignore(r"QPainter::begin\(\)", extend=True)
def test_a_printer_that_does_not_answer_is_told(pdf: bytes, printer: QPrinter, tmp_path: Path) -> None:
    printer.setOutputFileName(str(tmp_path / "nowhere" / "out.pdf"))
    assert not print_pdf(printer, pdf)
