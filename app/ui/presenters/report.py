"""What the page of the monthly report says: where the month stands, its checks, its figures, what leaves and what not.

Plain Python. Nothing is counted here, and what may leave is decided in `app.services.totals`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from app.reference.figure import figure
from app.reference.format import number
from app.reference.texts import tr, tr_n
from app.services.calendar import Month
from app.services.check import ERROR
from app.services.outbox import ACCEPTED
from app.sync.payload import NotRecorded, Shown, Suppressed
from app.ui.presenters import breakdown
from app.ui.presenters.place import GuestPlace, NightPlace
from app.ui.presenters.protected import ProtectedLine

if TYPE_CHECKING:
    from app.reference.ids import HouseId
    from app.services.breakdown import DueTable, MonthBreakdowns
    from app.services.check import Finding
    from app.services.enrolment import EnrolmentRow
    from app.services.month import MonthState, Revision
    from app.services.outbox import OutboxRow, ReportPreview
    from app.services.register import Register
    from app.services.totals import ExactFigure, MonthFigures
    from app.sync.payload import FigureCell
    from app.ui.colour import Tone

CHECKS, CLOSE, LEAVES, SEND = range(4)
LEAST_GROUP = 5
"""No item of a breakdown is smaller, whatever the threshold of totals is."""
StepState = Literal["done", "warned", "wrong", "open", "blocked"]
_TABS = {
    "nobody_seen": "stays",
    "no_bed": "stays",
    "bed_shared": "stays",
    "consent_missing": "consents",
    "referral_open": "health",
}
CHECK_KEYS = (
    "two_houses",
    "bed_shared",
    "balance",
    "nobody_seen",
    "nights_not_recorded",
    "no_bed",
    "meals_without_presence",
    "meals_not_confirmed",
    "meals_none",
    "referral_open",
    "consent_missing",
)


@dataclass(frozen=True, slots=True)
class ReportView:
    """All that the page shows of a month, asked for in one go."""

    month: Month
    today: date
    state: MonthState
    to_close: tuple[Month, ...]
    findings: tuple[Finding, ...]
    figures: MonthFigures
    place: EnrolmentRow | None
    preview: ReportPreview | None
    sent: OutboxRow | None
    """The report of the revision that is closed now, if it was released."""
    earlier: OutboxRow | None
    """The last report of an earlier revision of the month."""
    revisions: tuple[Revision, ...] = ()
    """Every closing of the month; of a reopened one its present state last."""
    breakdowns: MonthBreakdowns | None = None
    """The breakdowns of a closed month."""
    due: tuple[DueTable, ...] = ()
    """The breakdowns that the year brings."""

    @property
    def has_proof(self) -> bool:
        """Whether there is a ledger to audit: something was published, or is about to be."""
        return self.breakdowns is not None and self.breakdowns.proof is not None

    @property
    def errors(self) -> int:
        """How many findings keep the month open."""
        return sum(finding.level == ERROR for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings somebody should look at."""
        return len(self.findings) - self.errors


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A line of the checks: an error, a warning, or what is in order (`finding` None)."""

    sentence: str
    advice: str
    tone: Tone
    word: str
    icon: str
    finding: Finding | None


def load(register: Register, house: HouseId, month: Month | None) -> ReportView:
    """Ask the register for a month; None means the oldest to close, or the last one that is over."""
    to_close = tuple(register.months.to_close(house))
    today = register.desk.today()
    wanted = month or (to_close[0] if to_close else Month.of(today).previous())
    state = register.months.state(house, wanted)
    place = register.enrolments.find(house)
    rows = [row for row in register.outbox.list_rows(house) if row.month == wanted]
    sent = next((row for row in rows if state.closed and row.revision == state.revision), None)
    return ReportView(
        month=wanted,
        today=today,
        state=state,
        to_close=to_close,
        findings=tuple(register.months.checks(house, wanted)),
        figures=register.months.figures(house, wanted),
        place=place,
        preview=register.outbox.preview(house, wanted) if state.closed and place is not None else None,
        sent=sent,
        earlier=next((row for row in rows if row is not sent), None),
        revisions=register.months.revisions(house, wanted),
        breakdowns=register.breakdowns.of_month(house, wanted) if state.closed else None,
        due=register.breakdowns.schedule(house, wanted.year),
    )


def step_states(view: ReportView) -> tuple[StepState, ...]:
    """Return how far each of the four steps is."""
    checked: StepState = "wrong" if view.errors else "warned" if view.findings else "done"
    if view.state.closed:
        checked = "done"
    closed: StepState = "done" if view.state.closed else "open"
    leaves: StepState = "done" if view.sent else "open" if view.state.closed else "blocked"
    received = view.sent is not None and view.sent.state == ACCEPTED
    sent: StepState = "done" if received else "open" if view.sent else "blocked"
    return (checked, closed, leaves, sent)


def first_step(view: ReportView) -> int:
    """Return the step at which somebody who opens the page goes on."""
    if view.sent is not None:
        return SEND
    if view.state.closed:
        return LEAVES
    return CHECKS


def check_lines(view: ReportView) -> tuple[CheckLine, ...]:
    """Return errors, then warnings, then every check that found nothing."""
    found = {finding.key.removesuffix("_reserved") for finding in view.findings}
    bad = [_found(finding) for finding in view.findings]
    fine = [
        CheckLine(tr(f"month.fine_{key}"), "", "green", tr("month.fine"), "check_circle", None)
        for key in CHECK_KEYS
        if key not in found
    ]
    return (*bad, *fine)


def _found(finding: Finding) -> CheckLine:
    wrong = finding.level == ERROR
    return CheckLine(
        finding.sentence(),
        tr(f"month.todo_{finding.key}"),
        "red" if wrong else "amber",
        tr("month.error" if wrong else "month.warning"),
        "error" if wrong else "warning",
        finding,
    )


def place_of(finding: Finding, month: Month) -> object:
    """Return what the page that mends a finding is opened with: the guest at a tab or a night, the day, the month."""
    if finding.guest is not None and finding.key in _TABS:
        return GuestPlace(finding.guest, _TABS[finding.key])
    if finding.page == "meals":
        return finding.day
    if finding.page == "presences" and finding.guest is not None and finding.day is not None:
        return NightPlace(finding.guest, finding.day)
    return month if finding.page == "presences" else None


def value(exact: ExactFigure) -> str:
    """Return a figure with its unit: `341 notti`."""
    return f"{number(exact.value)} {figure(exact.element).unit_label(exact.value)}"


def persons(exact: ExactFigure) -> str:
    """Return how many persons stand behind an amount; empty where the figure counts persons itself, or none."""
    if exact.persons is None or figure(exact.element).unit == "PERSON":
        return ""
    return tr_n("report.persons", exact.persons)


def how_counted(element: str) -> str:
    """Return how a figure is counted, and who the persons behind it are."""
    found = figure(element)
    behind = found.persons()
    return f"{found.definition()}\n\n{tr('report.who_counts')} {behind}" if behind else found.definition()


def leaving(preview: ReportPreview) -> tuple[tuple[str, str], ...]:
    """Return what leaves, as pairs of label and figure: hidden and missing ones too, said as such."""
    return tuple((figure(cell.element).label(), say_cell(cell, preview.threshold)) for cell in preview.cells)


def say_cell(cell: FigureCell, threshold: int) -> str:
    """Return a figure of the report as it leaves."""
    match cell:
        case Shown(_, shown):
            return number(shown)
        case Suppressed():
            return tr("report.suppressed", k=threshold)
        case NotRecorded():
            return tr("report.not_recorded")


def protected(preview: ReportPreview, found: MonthBreakdowns | None = None) -> tuple[ProtectedLine, ...]:
    """Return everything that does not leave as it is, and why; no category of people is named."""
    due = found is not None and found.state != breakdown.NONE
    few = [
        ProtectedLine(
            figure(cell.element).label(),
            tr("report.why_few", k=preview.threshold),
            tr("report.suppressed", k=preview.threshold),
            "violet",
            "shield",
        )
        for cell in preview.cells
        if isinstance(cell, Suppressed)
    ]
    missing = [
        ProtectedLine(
            figure(cell.element).label(), tr("report.why_not_recorded"), tr("report.not_recorded"), "grey", "remove"
        )
        for cell in preview.cells
        if isinstance(cell, NotRecorded)
    ]
    never = [
        ProtectedLine(
            tr(f"report.never_{name}"), tr(f"report.why_never_{name}"), tr(f"report.{leaves}"), "violet", "lock"
        )
        for name, leaves in (
            ("doors", "no_figure"),
            *(() if due else (("traits", "in_december"),)),
            ("health", "stays_here"),
            ("absences", "stays_here"),
        )
    ]
    tables = breakdown.protected(found) if found is not None else ()
    return (*few, *tables, *never, *missing)
