"""The pages that are read: the board, a shelter, a month with its revisions, yearly tables, files, lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from starlette.responses import Response

from app.capofila.audit import SHELTER, list_audit, note
from app.capofila.board.view import Chip, board_view, chip, province_name
from app.capofila.board.visit import Visit
from app.capofila.handout.cell import mark, told
from app.capofila.handout.handout_file import HANDOUTS, OUTSIDE, make_handout
from app.capofila.handout.network import Network, NetworkShelter, last_periods, period_of
from app.capofila.handout.reading import read_network, read_year, read_years
from app.capofila.handout.reminder import late_shelters, reminder_text
from app.capofila.handout.workbook import table_head
from app.capofila.register import (
    ShelterEntry,
    get_shelter,
    list_invitations,
    list_shelters,
    receipt_of,
    report_of,
    revisions_of,
)
from app.errors import NotFound
from app.reference.codelist import codelist
from app.reference.figure import reported_figures
from app.reference.format import number
from app.reference.texts import tr
from app.sync.payload import PERIOD_PATTERN, MonthReport, Shown, Suppressed, to_bytes

if TYPE_CHECKING:
    from app.capofila.service import ReceivedReport

DAYS = 14
LATE_MONTHS = 12

_BEYOND = 2**31 - 1


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month of a shelter: its state and its figures, as words."""

    chip: Chip
    revisions: int
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision as it came, with what it says of each figure."""

    number: int
    received_at: datetime
    sha256: str
    trail: str
    threshold: int
    figures: tuple[str, ...]
    counts: bool


def board(visit: Visit) -> Response:
    """Return the first page."""
    periods = last_periods(visit.due.today, 7)
    network = read_network(visit.office.store, periods[0], periods[-1])
    return visit.page("board", tr("board.title"), view=board_view(network, visit.due))


def shelter(visit: Visit) -> Response:
    """Return a shelter month by month, the last months first."""
    entry = get_shelter(visit.office.store, visit.path["shelter"])
    now = period_of(visit.due.today)
    year = _year(visit, int(now[:4]))
    periods = [f"{year}-{month:02d}" for month in range(12, 0, -1)]
    network = read_network(visit.office.store, periods[-1], periods[0])
    mine = next(one for one in network.shelters if one.id == entry.id)
    lines = [
        _line(network, mine, period, visit)
        for period in periods
        if period < now or network.report(mine.id, period) is not None
    ]
    return visit.page(
        "shelter",
        mine.name,
        shelter=entry,
        province=province_name(entry.province),
        figures=reported_figures(),
        lines=[line for line in lines if line.chip.state != "not_due"],
        year=year,
        years=_years_of(entry.enrolled_at.year, visit),
    )


def month(visit: Visit) -> Response:
    """Return a month of a shelter: every revision that came, its figures, its receipt."""
    entry = get_shelter(visit.office.store, visit.path["shelter"])
    period = _period(visit)
    found = revisions_of(visit.office.store, entry.id, period)
    if not found:
        raise NotFound(what="report")
    last = max(one.report.revision for one in found)
    revisions = [_revision(one, last) for one in sorted(found, key=lambda one: -one.report.revision)]
    return visit.page(
        "month",
        entry.name,
        shelter=entry,
        period=period,
        figures=reported_figures(),
        revisions=revisions,
    )


def evidence(visit: Visit) -> Response:
    """Return a package as it came, or the receipt that was given for it, as a file."""
    entry = get_shelter(visit.office.store, visit.path["shelter"])
    period, what = _period(visit), visit.path["what"]
    number_of = min(int(visit.path["revision"]), _BEYOND)  # larger ones no database takes
    found = report_of(visit.office.store, entry.id, period, number_of)
    receipt = receipt_of(visit.office.store, entry.id, period, number_of)
    if found is None or receipt is None or what not in ("package.json", "receipt.jwt"):
        raise NotFound(what="report")
    content = to_bytes(found.report) if what == "package.json" else receipt.encode("ascii")
    action = "package_fetched" if what == "package.json" else "receipt_fetched"
    note(visit.office.store, action, account=visit.account_id, subject=entry.id, at=visit.now)
    return _file(content, f"{period}-r{number_of}-{found.sha256[:8]}.{what}", "application/octet-stream")


def ask_revoke(visit: Visit) -> Response:
    """Ask once more before a shelter is let go."""
    entry = get_shelter(visit.office.store, visit.path["shelter"])
    return visit.page("revoke", tr("board.revoke_title"), shelter=entry)


def years(visit: Visit) -> Response:
    """Return the yearly tables of the network."""
    known = read_years(visit.office.store, visit.now)
    year = _year(visit, known[0])
    found = read_year(visit.office.store, year)
    tables = [(table_head(table), table) for table in found.tables]
    return visit.page("years", tr("board.years_title"), year=year, years=known, tables=tables)


def handouts(visit: Visit) -> Response:
    """Return the page from which the files are fetched."""
    known = read_years(visit.office.store, visit.now)
    year = _year(visit, known[0])
    return visit.page("handouts", tr("board.handouts_title"), year=year, years=known, handouts=HANDOUTS)


def handout(visit: Visit) -> Response:
    """Return a file of a year; who fetched which kind is noted."""
    known = read_years(visit.office.store, visit.now)
    kind, year = visit.path["name"], _year(visit, known[0])
    try:
        made = make_handout(visit.office, kind, year, visit.now, visit.due_day)
    except NotFound:
        if kind not in HANDOUTS:
            raise
        why = tr("board.nothing_outside" if kind in OUTSIDE else "board.nothing_inside", year=year)
        return visit.message(tr("board.nothing_yet"), why, status=404, back=f"/board/handouts?year={year}")
    made.note(visit.office.store, visit.account_id, visit.now)
    return _file(made.content, made.name, made.media_type)


def late(visit: Visit) -> Response:
    """Return who is late, with a text to copy for each."""
    periods = last_periods(visit.due.today, LATE_MONTHS)
    network = read_network(visit.office.store, periods[0], periods[-1])
    found = [(one, reminder_text(one, visit.due)) for one in late_shelters(network, periods, visit.due)]
    return visit.page("late", tr("board.late_title"), late=found)


def invitations(visit: Visit, problem: str = "", namesake: ShelterEntry | None = None) -> Response:
    """Return the invitations, and the form for a new one; `shelter` names one that lost its key.

    `namesake` is a shelter that has or had the wanted name: the form asks whether it is the same house.
    """
    again = visit.form.text("again") or visit.query.get("shelter", "")
    return visit.page(
        "invitations",
        tr("board.invitations_title"),
        status=422 if problem else 200,
        problem=problem,
        namesake=namesake,
        form=visit.form,
        again=get_shelter(visit.office.store, again) if again else None,
        invitations=list_invitations(visit.office.store),
        provinces=[(entry.code, entry.label()) for entry in codelist("province")],
        url=visit.form.text("url") or f"https://{visit.host}",
        days=visit.form.text("days") or DAYS,
        now=visit.now,
    )


def files(visit: Visit) -> Response:
    """Return the page on which a file is handed in."""
    return visit.page("files", tr("board.files_title"), problem="")


def audit(visit: Visit) -> Response:
    """Return who did what, the newest first."""
    names = {entry.id: entry.name for entry in visit.office.accounts.list_accounts()}
    names[SHELTER] = tr("board.audit_shelter")
    shelters = {entry.id: entry.shelter_name for entry in list_invitations(visit.office.store)}
    shelters |= {entry.id: entry.name for entry in list_shelters(visit.office.store)}
    lines = [
        (
            line,
            _said(f"board.did_{line.action}", line.action),
            names.get(line.account_id or ""),
            shelters.get(line.subject or "") or names.get(line.subject or ""),
        )
        for line in list_audit(visit.office.store)
    ]
    return visit.page("audit", tr("board.audit_title"), lines=lines)


def accounts(visit: Visit, problem: str = "") -> Response:
    """Return who may sign in, and the form for one's own passphrase."""
    found = visit.office.accounts.list_accounts()
    return visit.page(
        "accounts", tr("board.accounts_title"), status=422 if problem else 200, accounts=found, problem=problem
    )


def _line(network: Network, mine: NetworkShelter, period: str, visit: Visit) -> MonthLine:
    found = network.report(mine.id, period)
    figures = []
    for figure in reported_figures():
        state, value = told(network, mine, period, figure.code, visit.due)
        figures.append(number(value) if value is not None else mark(state) if found else "")
    return MonthLine(chip(network, mine, period, visit.due), found.report.revision if found else 0, tuple(figures))


def _revision(one: ReceivedReport, last: int) -> Revision:
    report = one.report
    figures = tuple(_figure(report, figure.code) for figure in reported_figures())
    return Revision(
        report.revision, one.received_at, one.sha256, report.trail, report.threshold, figures, report.revision == last
    )


def _figure(report: MonthReport, code: str) -> str:
    cell = next((cell for cell in report.figures if cell.element == code), None)
    if isinstance(cell, Shown):
        return number(cell.value)
    return mark("suppressed" if isinstance(cell, Suppressed) else "not_recorded")


def _period(visit: Visit) -> str:
    period = visit.path["period"]
    if not re.fullmatch(PERIOD_PATTERN, period):
        raise NotFound(what="report")
    return period


def _year(visit: Visit, usual: int) -> int:
    text = visit.query.get("year", "")
    return int(text) if re.fullmatch(r"20[0-9]{2}", text) else usual


def _years_of(first: int, visit: Visit) -> tuple[int, ...]:
    return tuple(range(visit.due.today.year, first - 1, -1))


def _said(key: str, otherwise: str) -> str:
    try:
        return tr(key)
    except KeyError:
        return otherwise


def _file(content: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
