"""Each file that the capofila hands out: its name, its kind, and how it is made from the store.

The board and the command line make the same files here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from app.capofila.audit import note
from app.capofila.handout.network import DUE_DAY, Due, local_day, year_periods
from app.capofila.handout.reading import read_network, read_year, read_years
from app.errors import NotFound

if TYPE_CHECKING:
    from app.capofila.office import Office
    from app.capofila.store import Store

HANDOUTS = ("xlsx", "csv", "adx", "dhis2", "pdf", "csv-outside", "adx-outside", "dhis2-outside", "ics")
"""Every kind; those with `outside`, the PDF and the calendar may leave the network."""

OUTSIDE = frozenset({"pdf", "csv-outside", "adx-outside", "dhis2-outside", "ics"})

_KINDS = {
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "adx": ("adx.xml", "application/adx+xml"),
    "dhis2": ("dhis2.json", "application/json"),
    "pdf": ("pdf", "application/pdf"),
    "ics": ("ics", "text/calendar; charset=utf-8"),
}


@dataclass(frozen=True, slots=True)
class HandoutFile:
    """A file that was made; its name tells the year and the kind, nothing of the field."""

    kind: str
    name: str
    media_type: str
    content: bytes = field(repr=False)

    def note(self, store: Store, account: str | None, at: datetime) -> None:
        """Note that it was handed out."""
        note(store, f"handed_out_{self.kind.replace('-', '_')}", account=account, at=at)


def make_handout(office: Office, kind: str, year: int, now: datetime, due_day: int = DUE_DAY) -> HandoutFile:
    """Return a file of a year; raises NotFound for another kind, and where there is nothing to tell."""
    if kind not in HANDOUTS:
        raise NotFound(what="handout")
    base, _, outside = kind.partition("-")
    ending, media_type = _KINDS[base]
    content = _made(office, kind, year, now, Due(local_day(now), due_day))
    name = f"rete{'' if kind == 'xlsx' else f'-{year}'}{'-totali' if outside else ''}.{ending}"
    return HandoutFile(kind, name, media_type, content)


def _made(office: Office, kind: str, year: int, now: datetime, due: Due) -> bytes:
    from app.capofila.handout.reminder import calendar
    from app.capofila.handout.table import figures_csv, totals_csv

    periods = year_periods(year)
    if kind == "ics":
        return calendar(periods, now, due)
    name = office.keys.identity.name
    if kind == "xlsx":
        return _workbook(office, now, name, due)
    network = read_network(office.store, periods[0], periods[-1])
    if kind == "pdf":
        from app.capofila.handout.relation import network_pdf

        return network_pdf(network, read_year(office.store, year), now, name=name)
    if kind == "csv":
        return figures_csv(network, periods, due)
    if kind == "csv-outside":
        return totals_csv(network, periods)
    from app.capofila.handout.exchange import adx, dhis2, groups, outside_groups

    is_outside = kind in OUTSIDE
    unit = office.keys.identity.capofila_id
    found = tuple(outside_groups(network, periods, unit) if is_outside else groups(network, periods))
    if not found:
        raise NotFound(what="handout")
    return adx(found, now) if kind.startswith("adx") else dhis2(found)


def _workbook(office: Office, now: datetime, name: str, due: Due) -> bytes:
    """Return the workbook of all years of which something came: it has a sheet for each."""
    from app.capofila.handout.workbook import network_xlsx

    years = sorted(read_years(office.store, now))
    network = read_network(office.store, f"{years[0]:04d}-01", f"{years[-1]:04d}-12")
    tables = [read_year(office.store, year) for year in years]
    return network_xlsx(network, tables, now, name=name, due_day=due.day)
