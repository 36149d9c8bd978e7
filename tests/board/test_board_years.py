"""The yearly tables on the board and in the report for outside: sums that were published, each with its definition."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

from pypdf import PdfReader

from app.capofila.answer import Filed
from app.disclosure.tree_file import load_tree
from app.reference.texts import tr
from app.sync.breakdown import Cut, PublishedTable, UnpublishedTable
from app.sync.payload import MonthReport, Shown, to_bytes
from tests.board.scene import Page, Scene

TREE = load_tree("citizenship", "women")
JANUARY = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


def deliver(scene: Scene, name: str, counts: dict[str, int] | None) -> None:
    told = (
        PublishedTable("C", "2026-12-31", 1, tuple(sorted(counts.items())))
        if counts is not None
        else UnpublishedTable("C", "2026-12-31", "too_few")
    )
    cut = Cut("citizenship", "women", TREE.version, TREE.digest, 5, (told,))
    shelter = scene.enrol(name)
    report = MonthReport(shelter.id, "2026-12", 1, 5, (Shown("M07", 341),), "5c" * 32, (cut,))
    assert isinstance(scene.office.reception.receive(shelter.delivery(to_bytes(report), "y")), Filed)


def test_the_yearly_tables_are_shown_and_only_what_three_shelters_tell_goes_outside(own: Scene) -> None:
    own.clock.at = JANUARY
    for name in ("Una", "Due", "Tre"):
        deliver(own, name, {"subsaharan": 7, "world_other": 12})
    for name in ("Quattro", "Cinque", "Sei"):  # fewer that do not divide would be read off the difference
        deliver(own, name, {"all": 20})
    deliver(own, "Sette", None)
    with own.sign_in() as browser:
        page = Page(browser.get("/board/years").text)
        words = " ".join(page.text.split())
        pdf = PdfReader(BytesIO(browser.get("/board/handouts/pdf?year=2026").content))
        xlsx = browser.get("/board/handouts/xlsx")
    assert "Ripartizioni della rete · 2026" in words
    assert "117" in words, "everybody: three times nineteen, and three times twenty that are not divided"
    assert "1 struttura non la pubblica" in words
    assert " ".join(tr("breakdown.definition_citizenship").split()) in words
    text = " ".join("\n".join(one.extract_text() for one in pdf.pages).split())
    assert tr("disclosure_tree.citizenship_subsaharan") in text
    assert "Una" not in text.replace("Una notte", "").replace("Una persona", "")
    assert xlsx.status_code == 200


def test_what_only_two_shelters_tell_stays_inside(own: Scene) -> None:
    own.clock.at = JANUARY
    for name in ("Una", "Due"):
        deliver(own, name, {"subsaharan": 7, "world_other": 12})
    deliver(own, "Tre", {"all": 20})
    with own.sign_in() as browser:
        page = Page(browser.get("/board/years").text)
        pdf = PdfReader(BytesIO(browser.get("/board/handouts/pdf?year=2026").content))
    label = tr("disclosure_tree.citizenship_subsaharan")
    assert label in page.text
    text = "\n".join(one.extract_text() for one in pdf.pages)
    assert label not in text
    assert tr("disclosure_tree.citizenship_all") in text
