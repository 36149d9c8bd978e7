"""When a report is tried again: spread over its wait, doubling, the same after a restart, one bad report by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import mean

from app.services.retry import FIRST_WAIT, LEAST_WAIT, LONGEST_WAIT, Try, due_times, is_answer, wait
from app.sync.exchange import WHYS

NOW = datetime(2026, 6, 15, 20, 0, tzinfo=UTC)
HERE, THERE = "https://a.example", "https://b.example"
MINUTE = timedelta(minutes=1)


def tried(
    key: str, attempts: int = 1, problem: str | None = "not_reached_down", *, ago: timedelta = MINUTE, place: str = HERE
) -> Try:
    return Try(key, place, attempts, NOW - ago if attempts else None, problem if attempts else None)


def test_a_wait_is_drawn_from_all_of_its_bound_and_is_the_same_when_asked_again() -> None:
    for attempts, bound in ((1, FIRST_WAIT), (2, 2 * FIRST_WAIT), (5, 16 * FIRST_WAIT), (8, LONGEST_WAIT)):
        drawn = [wait(f"report-{n}", attempts) for n in range(2000)]
        assert drawn == [wait(f"report-{n}", attempts) for n in range(2000)]
        assert all(LEAST_WAIT <= each <= bound for each in drawn)
        assert abs(mean(each / bound for each in drawn) - 0.5) < 0.03
        assert min(drawn) < bound / 4
        assert max(drawn) > bound * 0.99
    assert max(wait("x", attempts) for attempts in range(200)) <= LONGEST_WAIT


def test_reports_of_one_house_do_not_come_back_together() -> None:
    assert len({wait(f"report-{n}", 8) for n in range(100)}) > 95


def test_what_was_never_tried_goes_at_once_even_where_another_failed() -> None:
    times = due_times([tried("old", 30), tried("new", 0)], {}, NOW)
    assert times["new"] is None
    assert times["old"] is not None


def test_what_failed_on_the_line_waits_together_and_longer_with_every_attempt() -> None:
    one, two = tried("a", 3), tried("b", 2, ago=timedelta())
    times = due_times([one, two], {}, NOW)
    assert times["a"] == times["b"] == NOW + wait("b", 5)


def test_other_addresses_have_nothing_to_do_with_it() -> None:
    times = due_times([tried("a", 9), tried("b", 1, place=THERE)], {}, NOW)
    assert times["b"] == NOW - MINUTE + wait("b", 1)


def test_once_the_address_was_heard_what_failed_before_goes_at_once() -> None:
    times = due_times([tried("a", 9), tried("b", 1, ago=timedelta())], {HERE: NOW - MINUTE / 2}, NOW)
    assert times["a"] is None
    assert times["b"] == NOW + wait("b", 1)


def test_what_was_answered_badly_waits_by_itself() -> None:
    bad = tried("bad", 6, "not_reached_server_error")
    times = due_times([bad, tried("good", 1, ago=timedelta())], {HERE: NOW - MINUTE}, NOW)
    assert times["bad"] == NOW - MINUTE + wait("bad", 6)
    assert times["good"] == NOW + wait("good", 1)


def test_a_last_attempt_that_lies_ahead_stops_neither_it_nor_others() -> None:
    ahead = tried("ahead", 3, ago=-timedelta(days=400))
    times = due_times([ahead, tried("other", 2)], {}, NOW)
    assert times["ahead"] is None
    assert times["other"] == NOW - MINUTE + wait("other", 2)


def test_an_answer_that_lies_ahead_ends_no_wait() -> None:
    times = due_times([tried("a", 9)], {HERE: NOW + timedelta(days=400)}, NOW)
    assert times["a"] == NOW - MINUTE + wait("a", 9)


def test_a_report_that_could_not_even_be_pushed_says_nothing_of_the_line() -> None:
    assert not is_answer("not_reached_pin_broken")
    assert not is_answer("not_reached_down")
    assert is_answer("not_reached_server_error")
    assert is_answer("refused_payload_invalid")
    assert is_answer(None)


def test_every_reason_is_known_to_be_of_the_line_or_of_a_report() -> None:
    from app.services.retry import OF_THE_LINE

    assert set(WHYS) >= OF_THE_LINE
    assert set(WHYS) - OF_THE_LINE == {"server_error", "too_large", "rubbish", "pin_broken"}
