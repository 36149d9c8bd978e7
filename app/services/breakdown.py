"""A month's breakdowns as people see them: what leaves, what does not and why, what comes when; preparing them again.

Who is counted as what is in `app.services.variable`, the making in `app.services.press`, what is kept of it in
`app.services.breakdown_set`. Nothing leaves from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import MonthNotClosed
from app.models.night import Month
from app.models.work import MonthClose, OutboxItem
from app.reference.codelist import codelist
from app.reference.ids import HouseId
from app.reference.texts import tr
from app.services.breakdown_set import (
    READY,
    RELEASED,
    WITHHELD,
    Prepared,
    keep,
    read_prepared,
)
from app.services.counted import question_for
from app.services.desk import Desk
from app.services.ledger_store import read_kept
from app.services.press import Press, Reckoning, run_audit
from app.services.setting import read_settings
from app.services.tabulation import Answer, TableMade, due_in
from app.services.totals import DEFAULT_THRESHOLD
from app.services.variable import AGE, LISTS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.disclosure.tree import Node

__all__ = [
    "BreakdownItem",
    "BreakdownTable",
    "Breakdowns",
    "DueTable",
    "MonthBreakdowns",
    "Preparation",
    "Proof",
    "breakdown_tables",
    "run_audit",
]

NONE, STALE = "none", "stale"
MOST_NAMED = 12
"""So many codes an item names one by one; one with more says how many it holds."""


@dataclass(frozen=True, slots=True)
class BreakdownItem:
    """One item of a table with its count; `holds` names the items inside it that are held back, if any.

    `codes` names what an item joins that is never divided, where that is not said by its label.
    """

    node: str
    label: str
    count: int
    holds: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether the tree itself goes no further."""
        return not self.holds


@dataclass(frozen=True, slots=True)
class BreakdownTable:
    """One variable about one population: its items, or the reason why there are none."""

    variable: str
    label: str
    definition: str
    family: str
    day: date
    revision: int
    k: int
    total: int
    items: tuple[BreakdownItem, ...] = ()
    reason: str = ""
    changed: int = 0
    """How many persons came or went since the table that stands in the way, for `churn`."""
    shown_before: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether it leaves with numbers."""
        return not self.reason

    def sentence(self) -> str:
        """Return what leaves: `Nigeria 7 · Altri Paesi 5`."""
        return " · ".join(f"{item.label} {item.count}" for item in self.items)


@dataclass(frozen=True, slots=True)
class Proof:
    """What the audit said when the tables were made."""

    sha256: str
    outcome: str
    reason: str
    questions: int
    seconds: float
    at: datetime


@dataclass(frozen=True, slots=True)
class MonthBreakdowns:
    """What of a month is broken down: `state` is none, ready, withheld, stale or released; `why` is for the house."""

    house: HouseId
    month: Month
    revision: int
    state: str
    why: str = ""
    tables: tuple[BreakdownTable, ...] = ()
    waiting: int = 0
    left_out: int = 0
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class DueTable:
    """A table that a year brings. `state`: waiting, ready, published or withheld."""

    family: str
    day: date
    state: str


@dataclass(frozen=True, slots=True)
class Preparation(Reckoning):
    """Making a closed month's tables again; `close` is the number of that closing."""

    close: int = field(kw_only=True)


class Breakdowns:
    """The breakdowns of a house's months."""

    def __init__(self, desk: Desk, press: Press) -> None:
        self._desk = desk
        self._press = press

    def of_month(self, house: HouseId, month: Month) -> MonthBreakdowns:
        """Return what stands of a month: prepared for its last closing, or left with it."""
        with self._desk.vault.work() as session:
            close = last_close(session, house, month)
            if close is None:
                return MonthBreakdowns(house, month, 0, NONE)
            return month_breakdowns(session, close, self._desk.today())

    def schedule(self, house: HouseId, year: int) -> tuple[DueTable, ...]:
        """Return the tables that are made when a year is over, in their order, and how each stands."""
        month = Month(year, 12)
        with self._desk.vault.work() as session:
            question = question_for(session, house, month, self._desk.today())
            if question is None:
                return ()
            found = self._states(session, house, month)
            return tuple(
                DueTable(table.family.value, table.day, found.get((table.family.value, table.day), "waiting"))
                for table in due_in(month, question.people, question.k)
            )

    def begin(self, house: HouseId, month: Month) -> Preparation:
        """Gather what is needed to prepare a closed month's tables again; raises MonthNotClosed or RoleMayNot."""
        with self._desk.vault.work() as session:
            self._desk.require_coordination(session)
            close = open_close(session, house, month)
            released = _released(session, close)
            question = None if released else question_for(session, house, month, self._desk.today())
            return Preparation(house, month, question, self._press, close=close.id)

    def finish(self, begun: Preparation, answer: Answer | None) -> None:
        """Keep the tables with the closing; raises BreakdownsStale when something moved meanwhile."""
        if answer is None:
            return
        with self._desk.vault.work() as session:
            self._desk.require_coordination(session)
            close = open_close(session, begun.house, begun.month)
            question = question_for(session, begun.house, begun.month, self._desk.today())
            if question is not None and close.id == begun.close and not _released(session, close):
                keep(session, close.id, question, answer, self._desk.now())
                self._desk.note(session, "prepare", "month", close.id)

    def prepare(self, house: HouseId, month: Month) -> None:
        """Do all three steps in a row; raises as they do."""
        begun = self.begin(house, month)
        self.finish(begun, begun.work())

    def _states(self, session: Session, house: HouseId, month: Month) -> dict[tuple[str, date], str]:
        close = last_close(session, house, month)
        if close is None:
            return {}
        found = month_breakdowns(session, close, self._desk.today())
        words = {READY: "ready", RELEASED: "published", WITHHELD: "withheld"}
        shown = {(table.family, table.day): False for table in found.tables}
        for table in found.tables:
            shown[table.family, table.day] |= table.is_shown
        return {
            place: words.get(found.state, "waiting") if any_shown else "withheld" for place, any_shown in shown.items()
        }


def last_close(session: Session, house: HouseId, month: Month) -> MonthClose | None:
    """Return the last closing of a month, reopened or not."""
    return session.scalar(
        select(MonthClose)
        .where(MonthClose.house_id == house, MonthClose.month == str(month))
        .order_by(MonthClose.revision.desc())
        .limit(1)
    )


def open_close(session: Session, house: HouseId, month: Month) -> MonthClose:
    """Return the closing that stands; raises MonthNotClosed."""
    found = last_close(session, house, month)
    if found is None or found.reopened_at is not None:
        raise MonthNotClosed(month=month)
    return found


def _released(session: Session, close: MonthClose) -> bool:
    item = select(OutboxItem.id).where(
        OutboxItem.house_id == close.house_id,
        OutboxItem.month == close.month,
        OutboxItem.revision == close.revision,
    )
    return session.scalar(item) is not None


def is_stale(session: Session, close: MonthClose, prepared: Prepared | None) -> bool:
    """Tell whether a closing's tables must be prepared again: they never were, or what they stand on has moved."""
    if close.reopened_at is not None:
        return False
    if prepared is None:
        return Month.parse(close.month).number == 12 and not _released(session, close)
    if _released(session, close):
        return False
    least = max(DEFAULT_THRESHOLD, read_settings(session).threshold)
    if any(table.k < least for table in prepared.tables if not table.reason and not table.shown_before):
        return True  # the threshold was raised since
    return prepared.base != read_kept(session, close.house_id).head


def month_breakdowns(session: Session, close: MonthClose, today: date) -> MonthBreakdowns:  # noqa: ARG001
    """Return what stands of one closing."""
    prepared = read_prepared(session, close.id)
    house, month = HouseId(close.house_id), Month.parse(close.month)
    if is_stale(session, close, prepared):
        return MonthBreakdowns(house, month, close.revision, STALE)
    if prepared is None or not prepared.tables:
        return MonthBreakdowns(house, month, close.revision, NONE)
    proof = prepared.proof
    return MonthBreakdowns(
        house=house,
        month=month,
        revision=close.revision,
        state=prepared.state,
        why="ledger" if read_kept(session, close.house_id).fault else prepared.why,
        tables=breakdown_tables(prepared.tables),
        waiting=prepared.waiting,
        left_out=prepared.left_out,
        proof=None
        if proof is None
        else Proof(proof.sha256, proof.outcome, proof.reason, proof.questions, proof.seconds, prepared.made_at),
    )


# --- in words


def breakdown_tables(tables: Iterable[TableMade]) -> tuple[BreakdownTable, ...]:
    """Return tables in the words of the interface."""
    return tuple(
        BreakdownTable(
            variable=table.variable,
            label=tr(f"breakdown.variable_{table.variable}"),
            definition=tr(f"breakdown.definition_{table.variable}"),
            family=table.family,
            day=table.day,
            revision=table.revision,
            k=table.k,
            total=table.total,
            items=_items(table),
            reason=table.reason,
            changed=table.changed,
            shown_before=table.shown_before,
        )
        for table in tables
    )


def _items(table: TableMade) -> tuple[BreakdownItem, ...]:
    from app.disclosure.tree_file import load_tree

    tree = load_tree(table.variable, table.profile)
    counts, found = dict(table.blocks), []
    for node in tree.root.walk():  # in the order of the tree, first children first
        if node.name in counts and not node.leaves <= tree.zeros:
            found.append(
                BreakdownItem(
                    node.name,
                    item_label(table.variable, node.name),
                    counts[node.name],
                    tuple(item_label(table.variable, child.name) for child in node.children or ()),
                    _codes(table.variable, node),
                )
            )
    return tuple(found)


def item_label(variable: str, node: str) -> str:
    """Return the name of an item."""
    return tr(f"disclosure_tree.{variable}_{node}")


def _codes(variable: str, node: Node) -> tuple[str, ...]:
    if variable == AGE or not 1 < len(node.own) <= MOST_NAMED:
        return ()
    listed = codelist(LISTS[variable])
    known = set(listed.codes())
    return tuple(listed.label(code) for code in node.own if code in known)
