"""What is said of a handover note: who wrote it, who read it and when, whether it is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.reference.ids import GuestId, HandoverId
from app.services.handover import HandoverRow, ReadMark
from app.ui.presenters.handover import line

NOW = datetime(2026, 6, 15, 20, 0, tzinfo=UTC)


def row(**changes: object) -> HandoverRow:
    plain = HandoverRow(HandoverId(1), "la caldaia", is_urgent=False, written_by="M. Ferri", written_at=NOW, mine=False)
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_a_note_says_who_wrote_it_and_when_by_the_clock_on_the_wall() -> None:
    assert line(row(), NOW).by == "M. Ferri, oggi alle 22:00"
    assert line(row(written_at=NOW - timedelta(hours=23)), NOW).by == "M. Ferri, ieri alle 23:00"
    assert line(row(written_at=NOW - timedelta(days=5), written_by=""), NOW).by == "10 giu alle 22:00"


def test_a_note_says_who_has_read_it() -> None:
    assert line(row(), NOW).read_by == "non l’ha ancora letta nessuno"
    marks = (
        ReadMark("S. Bianchi", NOW - timedelta(minutes=20), mine=True),
        ReadMark("L. Rossi", NOW - timedelta(days=1)),
    )
    assert line(row(reads=marks), NOW).read_by == "letta da S. Bianchi alle 21:40, L. Rossi il 14 giu alle 22:00"


def test_a_chip_tells_urgent_unread_and_done() -> None:
    def word(found: HandoverRow) -> str:
        chip = line(found, NOW).chip
        return chip.word if chip else ""

    assert word(row()) == "Da leggere"
    assert word(row(is_urgent=True)) == "Urgente"
    assert word(row(mine=True)) == ""
    assert word(row(is_urgent=True, done_by="S. Bianchi", done_at=NOW)) == "Fatta"


def test_what_is_done_says_by_whom_and_needs_no_reading() -> None:
    done = line(row(done_by="S. Bianchi", done_at=NOW, reads=(ReadMark("S. Bianchi", NOW),)), NOW)
    assert done.read_by == "fatta da S. Bianchi, oggi alle 22:00 · letta da S. Bianchi alle 22:00"
    assert (done.may_read, done.is_done) == (False, True)


def test_a_note_about_a_guest_is_spoken_with_her_name() -> None:
    about = line(row(guest=GuestId(2), guest_name="Rina"), NOW)
    assert about.spoken == "Rina: la caldaia"
    assert line(row(), NOW).spoken == "Tutta la casa: la caldaia"
