"""The evening round, line by line."""

from __future__ import annotations

from app.reference.ids import GuestId, StayId
from app.services.presence import RoundRow
from app.ui.presenters.round_sheet import RoundSheet


def sheet(*states: tuple[str, str | None]) -> RoundSheet:
    """Make a round of guests with what yesterday proposes and what is recorded tonight."""
    return RoundSheet(
        [
            RoundRow(StayId(n), GuestId(n), f"C-{n}", f"Ospite {n}", f"{n}A", proposed, recorded)
            for n, (proposed, recorded) in enumerate(states, start=1)
        ]
    )


def test_only_what_differs_from_the_record_is_written() -> None:
    made = sheet(("P", "P"), ("O", None), ("P", None))
    assert made.states() == {StayId(2): "O", StayId(3): "P"}
    made.set_state(0, "A")
    assert made.states()[StayId(1)] == "A"


def test_the_next_open_line_is_looked_for_from_the_top_again() -> None:
    made = sheet(("P", None), ("P", "P"), ("P", None))
    assert made.next_open(0) == 2
    assert made.next_open(2) == 0
    made.confirm(0)
    made.confirm(2)
    assert made.is_complete
    assert made.next_open(1) is None
    assert RoundSheet(()).next_open() is None


def test_nothing_done_leaves_nothing_to_keep() -> None:
    made = sheet(("P", "P"), ("P", None))
    made.confirm(0)
    assert made.content() == {}
    made.confirm(1)
    assert made.content() == {"states": {"1": "P", "2": "P"}}


def test_a_draft_with_strangers_and_nonsense_is_passed_over() -> None:
    made = sheet(("P", None))
    for content in ({}, {"states": "P"}, {"states": {"9": "A", "1": "Z"}}, {"states": {"1": 3}}):
        made.restore(content)
    assert made.confirmed == 0
    made.restore({"states": {"1": "A"}})
    assert (made.present, made.confirmed) == (0, 1)
