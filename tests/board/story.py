"""A network for tests: shelters and the reports that they would have sent, with every state a figure can have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from app.capofila.handout.network import Network, NetworkShelter, make_network, visible
from app.capofila.service import ReceivedReport
from app.sync.payload import ELEMENTS, FigureCell, MonthReport, NotRecorded, Shown, Suppressed, digest, to_bytes

TODAY = date(2026, 11, 3)
NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)

HIDDEN, UNRECORDED = "hidden", "unrecorded"
Told = int | str


def shelter(
    number: int, name: str = "", province: str | None = "MI", since: date = date(2026, 1, 10)
) -> NetworkShelter:
    return NetworkShelter(f"00000000-0000-4000-8000-{number:012d}", visible(name or f"Casa {number}"), province, since)


def cells(told: Mapping[str, Told]) -> tuple[FigureCell, ...]:
    return tuple(_cell(element, told[element]) for element in ELEMENTS if element in told)


def _cell(element: str, told: Told) -> FigureCell:
    if told == HIDDEN:
        return Suppressed(element)
    return NotRecorded(element) if told == UNRECORDED else Shown(element, int(told))


def report(
    of: NetworkShelter, period: str, told: Mapping[str, Told], revision: int = 1, threshold: int = 5
) -> ReceivedReport:
    made = MonthReport(of.id, period, revision, threshold, cells(told), "5c" * 32)
    received = datetime(int(period[:4]), int(period[5:]), 28, 8, revision, tzinfo=UTC)
    return ReceivedReport(of.id, of.name, received, digest(to_bytes(made)), made)


def network_of(rows: Mapping[NetworkShelter, Mapping[str, Mapping[str, Told]]]) -> Network:
    reports: Iterable[ReceivedReport] = (
        report(of, period, told) for of, months in rows.items() for period, told in months.items()
    )
    return make_network(rows, reports)


def usual(number: int, month: int) -> dict[str, Told]:
    """Figures of an ordinary house, different for each house and month."""
    return {
        "M01": 8 + number % 7,
        "M05": 6 + (number + month) % 3,
        "M06": 8 + (number + month) % 4,
        "M07": 180 + 7 * number + month,
        "M09": 540 + 11 * number + month if number % 4 else UNRECORDED,
        "M10": UNRECORDED,
        "M11": 5 + number % 3 if (number + month) % 3 else HIDDEN,
    }


def usual_network(count: int = 6, names: Iterable[str] = ()) -> Network:
    """A year of a network; the last house sends nothing since September, one has sent October twice."""
    named = [*names, *[""] * count][:count]
    houses = [shelter(number, name, "MI" if number % 2 else "CO") for number, name in enumerate(named, start=1)]
    rows = {
        house: {f"2026-{month:02d}": usual(number, month) for month in range(1, 9 if number == count else 11)}
        for number, house in enumerate(houses, start=1)
    }
    made = network_of(rows)
    again = report(houses[0], "2026-10", usual(1, 12), revision=2)
    return make_network(houses, [*made.reports.values(), again])
