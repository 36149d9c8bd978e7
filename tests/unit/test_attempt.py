"""Waits after wrong passphrases: they grow, outlive the program, and cannot be shortened by setting the clock back."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.platform.attempt import NAME, WAITS, Patience


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_waits_grow_up_to_five_minutes_and_begin_again_after_success() -> None:
    patience = Patience(clock=Clock())
    assert [patience.fail() for _ in range(11)] == [*WAITS, 300, 300]
    patience.forget()
    assert patience.wait() == 0
    assert patience.fail() == 1


def test_a_wait_goes_on_after_the_program_was_started_again(tmp_path: Path) -> None:
    clock = Clock()
    first = Patience(tmp_path / "new" / NAME, clock)
    for _ in range(6):
        first.fail()
    clock.now += 10
    again = Patience(tmp_path / "new" / NAME, clock)
    assert again.wait() == 20
    assert again.fail() == 60
    clock.now += 61
    assert Patience(tmp_path / "new" / NAME, clock).wait() == 0
    again.forget()
    assert Patience(tmp_path / "new" / NAME, clock).fail() == 1


def test_a_clock_set_back_makes_no_wait_shorter_and_none_endless(tmp_path: Path) -> None:
    clock = Clock()
    patience = Patience(tmp_path / NAME, clock)
    for _ in range(5):
        patience.fail()
    clock.now -= 86_400
    again = Patience(tmp_path / NAME, clock)
    assert again.wait() == 15
    clock.now += 15
    assert again.wait() == 0


@pytest.mark.parametrize("spoilt", ["", "failures = 'x'", "\x00", "at = 3"])
def test_a_spoilt_file_is_no_way_around_the_wait(tmp_path: Path, spoilt: str) -> None:
    (tmp_path / NAME).write_text(spoilt, encoding="ascii")
    assert Patience(tmp_path / NAME, Clock()).wait() == 300


def test_the_file_holds_two_numbers_and_nothing_about_anybody(tmp_path: Path) -> None:
    Patience(tmp_path / NAME, Clock()).fail()
    assert (tmp_path / NAME).read_text() == "failures = 1\nat = 1000000.000\n"
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert Patience(blocked / NAME, Clock()).fail() == 1  # where nothing can be written, it still slows down
