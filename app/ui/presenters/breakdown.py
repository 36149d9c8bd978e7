"""What the window says of a month's breakdowns: the sentences that leave, what was protected and why, when more comes.

Plain Python. What may be shown is decided in `app.disclosure` and `app.services.breakdown`; a table that is not shown
is named by its variable alone, never by an item.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.reference.format import day, number
from app.reference.texts import tr, tr_n
from app.ui.presenters.protected import ProtectedLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.breakdown import BreakdownTable, DueTable, MonthBreakdowns
    from app.ui.presenters.state import Mood

NONE, READY, WITHHELD, STALE, RELEASED = "none", "ready", "withheld", "stale", "released"
HOSTED = "C"
DAMAGED = "ledger"
_HIDES = {
    "too_few": "go_total",
    "churn": "go_later",
    "gate": "go_total",
    "linked": "go_nothing",
    "withheld": "go_nothing",
}


@dataclass(frozen=True, slots=True)
class Population:
    """Tables about the same people: `Ospiti accolti nel 2026`, how many they are, what is shown of each variable."""

    name: str
    total: str
    tables: tuple[BreakdownTable, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """What must be said of the month's breakdowns as a whole; `action` names what can be done."""

    mood: Mood
    title: str
    text: str = ""
    action: str = ""


def population(table: BreakdownTable) -> str:
    """Return whom a table counts: `Presenti al 30 giugno 2026`."""
    if table.family == HOSTED:
        return tr("disclosure.hosted", year=table.day.year)
    return tr("disclosure.present", day=day(table.day))


def populations(found: MonthBreakdowns) -> tuple[Population, ...]:
    """Return what leaves, by whom it counts, in the order of publishing."""
    tables: dict[str, list[BreakdownTable]] = {}
    for table in found.tables:
        if _is_divided(table):
            tables.setdefault(population(table), []).append(table)
    return tuple(
        Population(name, tr_n("disclosure.total", shown[0].total), tuple(shown)) for name, shown in tables.items()
    )


def sentence(table: BreakdownTable) -> str:
    """Return what leaves of a table: `Nigeria 7 · Altri Paesi 5`."""
    # A count must not be torn from its item where the line ends.
    return " · ".join(f"{_ended(item.label)}\u00a0{number(item.count)}" for item in table.items)


def _ended(label: str) -> str:
    """Return a label that its count can follow: `Up to 24: 11`."""
    return f"{label}:" if label[-1:].isdigit() else label


def how(table: BreakdownTable) -> str:
    """Return how a table was counted: who, by what, and what each item holds that is not shown by itself."""
    said = [tr("disclosure.how_of", variable=table.label, population=population(table)), table.definition]
    held = [
        tr("disclosure.how_holds", item=item.label, inside=", ".join(item.holds)) for item in table.items if item.holds
    ]
    if held:
        said.append("\n".join(held))
    said.append(tr("disclosure.how_k", k=table.k))
    if table.shown_before:
        said.append(tr("disclosure.before"))
    return "\n\n".join(part for part in said if part)


def protected(found: MonthBreakdowns) -> tuple[ProtectedLine, ...]:
    """Return what of the breakdowns does not leave as it is, why, and what leaves in its place.

    Tables of the same people that are kept back for the same reason are one line.
    """
    hidden: dict[tuple[str, str, str], list[str]] = {}
    for table in found.tables:
        if not _is_divided(table):
            hidden.setdefault((population(table), _why(table), _instead(table)), []).append(table.label)
    every = [population(table) for table in found.tables]
    lines = [
        ProtectedLine(name if len(labels) == every.count(name) else _listed(labels), why, leaves, "violet", "shield")
        for (name, why, leaves), labels in hidden.items()
    ]
    merged: dict[int, list[str]] = {}
    for table in found.tables:
        if _is_divided(table) and not all(item.is_whole for item in table.items):
            merged.setdefault(table.k, []).append(table.label)
    lines += [
        ProtectedLine(
            tr("disclosure.detail", variable=_listed(list(dict.fromkeys(labels)))),
            tr("disclosure.why_merged", k=k),
            tr("disclosure.go_merged"),
            "violet",
            "shield",
        )
        for k, labels in merged.items()
    ]
    return tuple(lines)


def _is_divided(table: BreakdownTable) -> bool:
    """Tell whether there is more to show than how many they are in all."""
    return table.is_shown and len(table.items) > 1


def _listed(labels: Sequence[str]) -> str:
    first, *rest = labels
    return ", ".join((first, *(f"{label[:1].lower()}{label[1:]}" for label in rest)))


def _why(table: BreakdownTable) -> str:
    match table.reason:
        case "too_few":
            return tr("disclosure.why_too_few", n=2 * table.k)
        case "churn":
            return tr_n("disclosure.why_churn", table.changed)
        case "gate":
            return tr("disclosure.why_gate")
        case "linked":
            return tr("disclosure.why_linked")
        case "":
            return tr("disclosure.why_merged", k=table.k)
        case _:
            return tr("disclosure.why_undone")


def _instead(table: BreakdownTable) -> str:
    # The next table of these people leaves with the report of the next December.
    said = "go_total" if not table.reason else _HIDES.get(table.reason, "go_nothing")
    return tr(f"disclosure.{said}", k=table.k, year=table.day.year + 1)


def notes(found: MonthBreakdowns) -> tuple[str, ...]:
    """Return what else is to be known: corrections that wait, and how many are not counted."""
    said = []
    if found.waiting:
        said.append(tr_n("disclosure.waiting", found.waiting))
    if found.left_out:
        said.append(tr_n("disclosure.left_out", found.left_out))
    return tuple(said)


def why(found: MonthBreakdowns) -> str:
    """Return why nothing leaves, for the operator alone."""
    return tr(f"breakdown.why_{found.why}") if found.why else ""


def notice(found: MonthBreakdowns) -> Notice | None:
    """Return what must be said of the month's breakdowns; None while there is nothing to do about them."""
    if found.state == STALE:
        text = f"{why(found)} {tr('disclosure.stale_text')}".strip()
        return Notice("warn", tr("disclosure.stale"), text, tr("disclosure.prepare"))
    if found.why == DAMAGED:
        return Notice("error", tr("disclosure.withheld"), tr("disclosure.blocked_text", why=why(found)))
    if found.state == WITHHELD and found.why:
        text = tr("disclosure.withheld_text", why=why(found))
        return Notice("warn", tr("disclosure.withheld"), text, tr("disclosure.retry"))
    return None


def absence(found: MonthBreakdowns | None) -> str:
    """Return what is said in place of tables while none leaves."""
    if found is None or found.state == NONE:
        return tr("disclosure.none")
    return tr("disclosure.stale" if found.state == STALE else "disclosure.withheld")


def hindrance(found: MonthBreakdowns | None) -> str:
    """Return why the report cannot be signed now; empty when it can.

    Tables go only with a proof that passed. Without tables in the package there is nothing to prove: totals may leave.
    """
    if found is None or found.state in (NONE, RELEASED):
        return ""
    if found.state == STALE:
        return tr("disclosure.stale")
    if found.why == DAMAGED:
        return why(found)
    if found.state == READY and _shows(found) and not is_proven(found):
        return tr("disclosure.proof_failed")
    return ""


def _shows(found: MonthBreakdowns) -> bool:
    return any(_is_divided(table) for table in found.tables)


def is_proven(found: MonthBreakdowns | None) -> bool:
    """Tell whether the independent audit passed for what is shown."""
    return found is not None and found.proof is not None and found.proof.outcome == "pass"


def promise(found: MonthBreakdowns | None, threshold: int) -> str:
    """Return the sentence under the promise: that the audit passed, or what leaves while there is nothing to audit."""
    if found is not None and found.state == STALE:
        return tr("disclosure.proof_stale")
    if found is None or found.state in (NONE, WITHHELD) or not _shows(found):
        return tr("disclosure.proof_none", k=threshold)
    if not is_proven(found):
        return tr("disclosure.proof_failed")
    return tr("disclosure.proof_passed", n=min(table.k for table in found.tables) - 1)


def schedule(due: Sequence[DueTable]) -> tuple[tuple[str, str], ...]:
    """Return which tables a year brings and how each stands."""
    return tuple((_due(table), tr(f"disclosure.due_state_{table.state}", year=table.day.year)) for table in due)


def _due(table: DueTable) -> str:
    if table.family == HOSTED:
        return tr("disclosure.due_hosted", year=table.day.year)
    return tr("disclosure.due_present", day=day(table.day))


def tables_count(shown: int) -> str:
    """Return how many tables left with a report."""
    return tr_n("disclosure.tables", shown) if shown else tr("disclosure.tables_none")
