"""What the pages and the files are made of, read from the store as plain values.

A package never changes, so what it says is remembered by its hash: a page of 500 shelters reads each of them once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from app.capofila.breakdown import NetworkYear, network_year
from app.capofila.handout.network import Network, NetworkShelter, local_day, make_network, visible
from app.capofila.register import ShelterEntry, list_shelters
from app.capofila.service import ReceivedReport
from app.capofila.store import ReportRow, Store
from app.sync.payload import MonthReport, from_bytes

MOST_REMEMBERED = 20_000
_AT_ONCE = 500

_remembered: dict[str, MonthReport] = {}
_lock = threading.Lock()


def read_network(store: Store, first: str, last: str) -> Network:
    """Return the network with the reports of the months from `first` to `last`."""
    shelters = [_shelter(entry) for entry in list_shelters(store)]
    names = {shelter.id: shelter.name for shelter in shelters}
    return make_network(shelters, read_reports(store, names, first, last))


def read_reports(store: Store, names: dict[str, str], first: str, last: str) -> list[ReceivedReport]:
    """Return of each shelter and month the revision that counts."""
    columns = (ReportRow.id, ReportRow.shelter_id, ReportRow.period, ReportRow.sha256, ReportRow.received_at)
    chosen = select(*columns).where(ReportRow.period >= first, ReportRow.period <= last).order_by(ReportRow.revision)
    with store.read() as session:
        last_ones = {(row.shelter_id, row.period): row for row in session.execute(chosen)}
    reports = dict(_read_packages(store, [(row.id, row.sha256) for row in last_ones.values()]))
    return [
        ReceivedReport(row.shelter_id, names[row.shelter_id], row.received_at, row.sha256, reports[row.sha256])
        for row in last_ones.values()
    ]


def read_year(store: Store, year: int) -> NetworkYear:
    """Return the yearly tables; one that is of a day of the year may have come with a later month."""
    network = read_network(store, f"{year:04d}-01", f"{year + 1:04d}-12")
    return network_year(network.reports.values(), year, network.house_of)


def read_years(store: Store, now: datetime) -> tuple[int, ...]:
    """Return the years of which something came, the newest first; without any the present one."""
    with store.read() as session:
        found = session.scalars(select(ReportRow.period).distinct()).all()
    return tuple(sorted({int(period[:4]) for period in found}, reverse=True)) or (local_day(now).year,)


def _read_packages(store: Store, wanted: Sequence[tuple[int, str]]) -> Iterator[tuple[str, MonthReport]]:
    """Yield what each package says, by its hash; those that are not remembered are read and parsed."""
    with _lock:
        known = {sha256: _remembered[sha256] for _, sha256 in wanted if sha256 in _remembered}
    yield from known.items()
    unknown = [row for row, sha256 in wanted if sha256 not in known]
    for start in range(0, len(unknown), _AT_ONCE):
        chosen = select(ReportRow.sha256, ReportRow.package).where(ReportRow.id.in_(unknown[start : start + _AT_ONCE]))
        with store.read() as session:
            packages = session.execute(chosen).all()
        read = {sha256: from_bytes(package) for sha256, package in packages}
        with _lock:
            _remembered.update(read)
            for old in list(_remembered)[: max(len(_remembered) - MOST_REMEMBERED, 0)]:
                del _remembered[old]
        yield from read.items()


def _shelter(entry: ShelterEntry) -> NetworkShelter:
    left = local_day(entry.revoked_at) if entry.revoked_at is not None else None
    return NetworkShelter(
        entry.id, visible(entry.name), entry.province, local_day(entry.enrolled_at), left, entry.succeeds
    )
