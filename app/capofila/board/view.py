"""What the board's first page says, as values: who has sent what, free places, totals with how each is counted.

Decided here, drawn by `resources/board/templates/board.html`.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.capofila.handout.cell import State, state_of
from app.capofila.handout.network import Due, Network, NetworkShelter, earlier, last_periods
from app.capofila.handout.reminder import month_words
from app.capofila.handout.total import Total, change, free_places, places_of, total, total_free
from app.reference.codelist import codelist
from app.reference.figure import Figure, figure, reported_figures
from app.reference.format import number
from app.reference.texts import say_day, tr, tr_n

MONTHS = 6

_LOOKS: dict[State, tuple[str, str]] = {
    "received": ("check", "green"),
    "awaited": ("hourglass_empty", "amber"),
    "late": ("warning", "red"),
    "not_due": ("remove", "grey"),
}
"""The icon and the tone of each state; its word goes with them, always."""


@dataclass(frozen=True, slots=True)
class Chip:
    """The state of one month of one shelter; `revision` is above one when it was corrected."""

    period: str
    state: State
    word: str
    icon: str
    tone: str
    revision: int = 1


@dataclass(frozen=True, slots=True)
class ShelterRow:
    """A shelter with its months; places and free places are of the last month that came, and may be untold."""

    id: str
    name: str
    place: str
    left: bool
    chips: tuple[Chip, ...]
    places: str
    free: str


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A card: a number, what it is of, a line beneath, and how it is counted where it is a figure."""

    label: str
    value: str
    note: str
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A figure's totals over the months; `told` are numbers or n.p., `whys` the sentence that goes with each n.p."""

    figure: Figure
    told: tuple[str, ...]
    whys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardView:
    """The first page."""

    periods: tuple[str, ...]
    key_figures: tuple[KeyFigure, ...]
    rows: tuple[ShelterRow, ...]
    totals: tuple[TotalRow, ...]
    whys: tuple[str, ...]
    is_anybody_late: bool


def board_view(network: Network, due: Due) -> BoardView:
    """Return the first page of a day."""
    periods = last_periods(due.today, MONTHS)
    rows = tuple(_row(network, shelter, periods, due) for shelter in _listed(network, periods))
    totals = tuple(_totals(network, one, periods) for one in reported_figures())
    whys = tuple(dict.fromkeys(why for row in totals for why in row.whys if why))
    late = any(chip.state == "late" for row in rows for chip in row.chips)
    return BoardView(periods, _key_figures(network, periods[-1], due), rows, totals, whys, late)


def chip(network: Network, shelter: NetworkShelter, period: str, due: Due) -> Chip:
    """Return the state of a month of a shelter."""
    state = state_of(network, shelter, period, due)
    symbol, tone = _LOOKS[state]
    report = network.report(shelter.id, period)
    return Chip(period, state, tr(f"board.state_{state}"), symbol, tone, report.report.revision if report else 1)


def province_name(code: str | None) -> str:
    """Return the name of a province, or the code where the list has none."""
    if code is None:
        return ""
    found = next((entry for entry in codelist("province") if entry.code == code), None)
    return found.label() if found else code


def why_sentence(found: Total) -> str:
    """Return why a total is not there, or nothing."""
    return tr(f"board.why_{found.why}") if found.why not in ("", "no_report") else ""


def told_total(found: Total) -> str:
    """Return a total as it is shown: a number, n.p., or a dash where nothing came."""
    if found.value is not None:
        return number(found.value)
    return "–" if found.why == "no_report" else tr("handout.mark_suppressed")


def _listed(network: Network, periods: tuple[str, ...]) -> tuple[NetworkShelter, ...]:
    """Return the shelters that owed or sent anything in these months."""
    return tuple(
        shelter
        for shelter in network.shelters
        if shelter.left_on is None
        or any(network.owes(shelter, period) or network.report(shelter.id, period) for period in periods)
    )


def _row(network: Network, shelter: NetworkShelter, periods: tuple[str, ...], due: Due) -> ShelterRow:
    chips = tuple(chip(network, shelter, period, due) for period in periods)
    came = next((period for period in reversed(periods) if network.report(shelter.id, period)), None)
    beds = network.value(shelter.id, came, "M01") if came else None
    # Of an older month the free places say nothing any more: only those of the last month are shown.
    free = free_places(network, shelter.id, periods[-1]) if came == periods[-1] else None
    return ShelterRow(
        id=shelter.id,
        name=shelter.name,
        place=province_name(shelter.province),
        left=shelter.left_on is not None,
        chips=chips,
        places="–" if beds is None else number(beds),
        free=_free_words(network, shelter, periods[-1]) if free is None else number(free),
    )


def _free_words(network: Network, shelter: NetworkShelter, period: str) -> str:
    return tr("handout.mark_suppressed") if network.report(shelter.id, period) else "–"


def _key_figures(network: Network, period: str, due: Due) -> tuple[KeyFigure, ...]:
    sent, of = network.sent_of(period)
    day = say_day(due.on(period))
    by = tr("board.due_was", day=day) if due.is_over(period) else tr("board.due_by", day=day)
    reports = KeyFigure(tr("board.key_reports", month=month_words(period)), tr("board.key_of", n=sent, all=of), by)
    return (
        reports,
        _key_figure(network, "M07", period),
        _key_free(network, period),
        _key_figure(network, "M05", period),
        _key_figure(network, "M09", period),
    )


def _key_figure(network: Network, code: str, period: str) -> KeyFigure:
    found, before = total(network, code, period), total(network, code, earlier(period))
    note = why_sentence(found) or tr_n("board.over_shelters", len(found.shown))
    percent = change(found, before)
    if percent is not None:
        since = month_words(earlier(period))
        said = f"+{percent}" if percent > 0 else f"−{-percent}"
        note = tr("board.change", percent=said, month=since) if percent else tr("board.change_none", month=since)
    return KeyFigure(figure(code).label(), told_total(found), note, figure(code))


def _key_free(network: Network, period: str) -> KeyFigure:
    found = total_free(network, period)
    note = why_sentence(found)
    if found.value is not None:
        places = places_of(network, found.shown, period)
        note = tr_n("board.free_of", len(found.shown), places=number(places))
    return KeyFigure(tr("board.key_free"), told_total(found), note or tr_n("board.over_shelters", 0), figure("M05"))


def _totals(network: Network, one: Figure, periods: tuple[str, ...]) -> TotalRow:
    found = [total(network, one.code, period) for period in periods]
    return TotalRow(one, tuple(told_total(each) for each in found), tuple(why_sentence(each) for each in found))
