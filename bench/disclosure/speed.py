"""Time and memory of a release with its audit, with two years of ledger behind it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from app.audit import audit
from bench.disclosure.engine import publish_house
from bench.disclosure.shelter import VARIABLES, invent
from bench.disclosure.spoil import canonical
from bench.disclosure.table import Clock, peak_memory, show


def speed(beds: Sequence[int] = (12, 25, 40), seeds: int = 2) -> None:
    """Show how long the slowest table takes, all variables together, and the audit of the whole ledger.

    Once by the program's own schedule, once with the quarters that a network may agree on for large houses.
    """
    rows = []
    for size in beds:
        for seed, quarterly in product(range(seeds), (False, True)):
            shelter, watch = invent(seed, size), dict[str, float]()
            document = publish_house(shelter, quarterly=quarterly, watch=watch)
            slowest = max(watch, key=lambda name: watch[name])
            clock = Clock()
            verdict = audit(canonical(document))
            seconds = clock.seconds()
            releases = sum(len(series["releases"]) for series in document["series"])
            schedule = "quarters too" if quarterly else "own"
            row = [size, seed, shelter.profile, schedule, len(shelter.guests), releases, f"{sum(watch.values()):.1f} s"]
            row += [slowest, f"{watch[slowest]:.1f} s", f"{seconds:.1f} s", f"{watch[slowest] + seconds:.1f} s"]
            rows.append([*row, verdict.outcome.name, f"{peak_memory()} MB"])
    head = [
        "beds",
        "seed",
        "profile",
        "schedule",
        "guests",
        "releases",
        "24 months",
        "slowest table",
        "its time",
        "audit",
        "both",
    ]
    show(f"time: {len(VARIABLES)} variables, 24 months", [*head, "verdict", "memory"], rows)
