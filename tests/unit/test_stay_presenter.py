"""The stays of a guest in words: stretches, what came after each, and the nights an absence writes."""

from __future__ import annotations

from datetime import date

from app.reference.ids import GuestId, HouseId, StayId
from app.services.stretch import StayHistory, StayMember, Stretch
from app.ui.presenters import stay as words

HERE, THERE = HouseId(1), HouseId(2)
MAY, JUNE, TODAY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 6, 15)


def history(**more: object) -> StayHistory:
    stretches = (
        Stretch(JUNE, None, "3", "B", "PRI", 12, 2, 1),
        Stretch(MAY, JUNE, "1", "A", "PRO", 31, 0, 0),
    )
    known: dict[str, object] = {"exit_on": None, "exit_reason": None, "destination": None, "stretches": stretches}
    return StayHistory(StayId(1), HERE, "Casa Ginestra", MAY, **(known | more))  # type: ignore[arg-type]


def test_each_stretch_says_where_in_which_phase_and_how_many_nights() -> None:
    now, before = words.stretch_lines([history()], HERE)
    assert now.title == "dal 1 giu 2026 · Stanza 3 · letto B"
    assert now.note == "Prima accoglienza · 12 notti · 2 assenze autorizzate · 1 assenza non giustificata"
    assert (now.chip, now.ongoing, now.newest) == ("In corso", True, True)
    assert before.title == "1 mag 2026 – 1 giu 2026 · Stanza 1 · letto A"
    assert before.note == "Pronta accoglienza · 31 notti · poi letto 3B"
    assert (before.chip, before.newest) == ("Prima", False)


def test_a_change_of_phase_in_the_same_bed_says_the_phase() -> None:
    stretches = (Stretch(JUNE, None, "3", "B", "SEC", 0, 0, 0), Stretch(MAY, JUNE, "3", "B", "PRI", 0, 0, 0))
    lines = words.stretch_lines([history(stretches=stretches)], HERE)
    assert lines[1].note.endswith("poi Seconda accoglienza")


def test_houses_are_named_once_there_is_more_than_the_one_in_view() -> None:
    gone = history(exit_on=TODAY, exit_reason="TRI", destination="STR_ANT", next_house="Casa Tiglio")
    (line, _) = words.stretch_lines([gone], THERE)
    assert "Casa Ginestra" in line.title
    assert line.end == "Passaggio a Casa Tiglio"


def test_an_exit_says_why_only_when_it_was_told() -> None:
    shown = history(exit_on=TODAY, exit_reason="AUT", destination="CAS_AFF")
    hidden = history(exit_on=TODAY, exit_reason=None, destination="CAS_AFF")
    assert words.stretch_lines([shown], HERE)[0].end.endswith("verso: Casa in affitto")
    assert words.stretch_lines([hidden], HERE)[0].end == "Verso: Casa in affitto"


def test_a_stretch_without_a_bed_says_so() -> None:
    (line,) = words.stretch_lines([history(stretches=(Stretch(MAY, None, "", "", "PRI", 0, 0, 0),))], HERE)
    assert line.title == "dal 1 mag 2026 · senza letto"


def test_the_changes_of_phase_are_offered_newest_first() -> None:
    changed = history(phase_changes=((JUNE, "PRI"), (TODAY, "SEC")))
    assert [said for _, said in words.phase_changes(changed)] == [
        "Seconda accoglienza dal 15 giu 2026",
        "Prima accoglienza dal 1 giu 2026",
    ]


def test_a_minor_is_named_as_one() -> None:
    member = StayMember(StayId(2), GuestId(3), "4K7T-9", "Piccola", is_minor=True)
    assert words.member_words(member) == "Piccola (4K7T-9), minore"


def test_an_absence_says_which_nights_it_writes_and_which_it_cannot() -> None:
    assert [code for code, _ in words.absence_codes()] == ["A", "O", "G", "L"]
    assert words.nights_between(TODAY, JUNE) == []
    assert words.absence_help(date(2026, 6, 13), TODAY, TODAY) == "Scrive 3 notti, dal 13 giu al 15 giu."
    later = words.absence_help(TODAY, date(2026, 6, 18), TODAY)
    assert later.startswith("Scrive la notte del 15 giu.")
    assert "appello" in later
