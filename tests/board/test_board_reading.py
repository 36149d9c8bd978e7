"""Packages are remembered by their hash: each is parsed once, and a new revision is seen at once."""

from __future__ import annotations

from app.capofila.handout import reading
from app.capofila.handout.reading import read_network
from tests.board.scene import TODAY, Scene
from tests.board.story import usual


def test_a_new_revision_is_seen_at_once_and_an_old_package_is_not_read_again(own: Scene) -> None:
    shelter = own.enrol("Casa Aurora")
    own.deliver("Casa Aurora", "2026-09", usual(1, 9))
    first = read_network(own.office.store, "2026-09", "2026-09")
    again = read_network(own.office.store, "2026-09", "2026-09")
    assert first.reports[shelter.id, "2026-09"].report is again.reports[shelter.id, "2026-09"].report
    own.deliver("Casa Aurora", "2026-09", usual(2, 9), revision=3)
    own.deliver("Casa Aurora", "2026-09", usual(3, 9), revision=2)
    after = read_network(own.office.store, "2026-09", "2026-09")
    assert after.value(shelter.id, "2026-09", "M07") == usual(2, 9)["M07"]
    own.clock.at = TODAY


def test_what_is_remembered_has_a_bound(own: Scene) -> None:
    own.enrol("Casa Aurora")
    for month in range(1, 7):
        own.deliver("Casa Aurora", f"2026-{month:02d}", usual(1, month))
    read_network(own.office.store, "2026-01", "2026-12")
    assert len(reading._remembered) <= reading.MOST_REMEMBERED
    reading._remembered.clear()
    assert len(read_network(own.office.store, "2026-01", "2026-12").reports) == 6


def test_only_the_months_that_were_asked_for_are_read(own: Scene) -> None:
    own.enrol("Casa Aurora")
    for month in (1, 2, 3):
        own.deliver("Casa Aurora", f"2026-{month:02d}", usual(1, month))
    assert read_network(own.office.store, "2026-02", "2026-02").periods() == ("2026-02",)
