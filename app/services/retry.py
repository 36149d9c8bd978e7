"""When a report that waits is tried again: full jitter, doubling, told from what the store remembers of its attempts.

Pure rules over plain values; nothing is asked or sent here. Nothing is drawn at random when it is asked for: the jitter
comes from the report's own idempotency key, so that a restart or a lock neither shortens nor lengthens a wait.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
LEAST_WAIT = timedelta(seconds=5)
"""Full jitter may draw nearly nothing; nobody is asked again sooner than this."""

NOT_REACHED, SAID_NO = "not_reached_", "refused_"
OF_THE_LINE = frozenset(
    {
        "down",
        "name",
        "timeout",
        "tls_untrusted",
        "tls_dates",
        "tls_broken",
        "proxy",
        "redirected",
        "busy",
        "cut",
        "stopped",
    }
)
"""Why nobody was reached, where the next report to the same address would fare no better."""
OF_THE_PARCEL = frozenset({"pin_broken"})
"""Why a report could not even be pushed: it says nothing of the line, and nothing of others."""

_DOUBLINGS = 10


@dataclass(frozen=True, slots=True)
class Try:
    """What is known of the attempts to push one waiting report; `place` is the address it goes to."""

    key: str
    place: str
    attempts: int
    last: datetime | None
    problem: str | None

    @property
    def was_line(self) -> bool:
        """Whether the last attempt failed on the line, so that all reports to that address share its wait."""
        return is_of_line(self.problem)


def is_of_line(problem: str | None) -> bool:
    """Tell whether a problem is one of the line and not of a report."""
    return problem is not None and problem.startswith(NOT_REACHED) and problem.removeprefix(NOT_REACHED) in OF_THE_LINE


def is_answer(problem: str | None) -> bool:
    """Tell whether an attempt that ended so was answered by somebody, however badly."""
    if problem is None or not problem.startswith(NOT_REACHED):
        return True
    return problem.removeprefix(NOT_REACHED) not in OF_THE_LINE | OF_THE_PARCEL


def wait(key: str, attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: anything up to half a minute, doubling up to an hour."""
    bound = min(FIRST_WAIT * (1 << min(max(attempts, 1) - 1, _DOUBLINGS)), LONGEST_WAIT)
    drawn = int.from_bytes(sha256(f"{key}:{attempts}".encode()).digest()[:8]) / (1 << 64)
    return max(LEAST_WAIT, bound * drawn)


def due_times(tries: Sequence[Try], heard: Mapping[str, datetime], now: datetime) -> dict[str, datetime | None]:
    """Return by key when each report may be pushed, None for at once; `heard` is when an address last answered.

    What was never tried goes at once: so a report that makes its address hang keeps no other waiting. What failed on
    the line waits with all others that did since the address was last heard. What was answered badly waits by itself.
    What lies ahead of `now` was written by a clock that was wrong: it is as if it had never been.
    """
    tries = [replace(each, last=None) if each.last is not None and each.last > now else each for each in tries]
    heard = {place: at for place, at in heard.items() if at <= now}
    quiet = {place: _quiet_until(tries, place, heard.get(place)) for place in {each.place for each in tries}}
    return {each.key: _due(each, quiet[each.place], heard.get(each.place)) for each in tries}


def _due(each: Try, quiet: datetime | None, heard: datetime | None) -> datetime | None:
    if not each.attempts or each.last is None:
        return None
    if each.was_line:
        return quiet if heard is None or each.last > heard else None
    return each.last + wait(each.key, each.attempts)


def _quiet_until(tries: Sequence[Try], place: str, heard: datetime | None) -> datetime | None:
    """Return until when nobody who was tried before knocks at an address again."""
    failed = [
        (each.last, each)
        for each in tries
        if each.place == place and each.was_line and each.last is not None and (heard is None or each.last > heard)
    ]
    if not failed:
        return None
    last, latest = max(failed, key=lambda found: (found[0], found[1].key))
    return last + wait(latest.key, sum(each.attempts for _, each in failed))
