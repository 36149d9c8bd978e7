"""The breakdowns of a report for its paper and workbook: what leaves, what was protected and why, in both languages.

Only what the preview shows is said; nothing is counted here.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from app.prints.document import Words
from app.prints.print_text import short_date
from app.prints.report_sheet import ProtectedLine, ReportLine
from app.reference.resource import read_toml

if TYPE_CHECKING:
    from app.services.breakdown import BreakdownTable

HOSTED = "C"
_WHY = {"too_few": "why_too_few", "churn": "why_churn", "gate": "why_gate", "linked": "why_linked", "": "why_merged"}
_INSTEAD = {"too_few": "go_total", "churn": "go_later", "gate": "go_total", "": "go_total"}


@cache
def _area(language: str, area: str) -> dict[str, Any]:
    return read_toml(f"texts/{language}/{area}.toml")


def _say(area: str, key: str, **values: Any) -> Words:
    """Return a text in both languages, its places filled in; of one with two forms, that for `n`."""
    said = []
    for language in ("it", "en"):
        entry = _area(language, area)[key]
        text = entry if isinstance(entry, str) else entry["one" if values["n"] == 1 else "other"]
        said.append(text.format(**values))
    return Words(*said)


def shown_tables(tables: tuple[BreakdownTable, ...]) -> tuple[ReportLine, ...]:
    """Return the tables that leave divided, a line each, grouped by whom they count."""
    return tuple(
        ReportLine(
            _say("breakdown", f"variable_{table.variable}"),
            _say("breakdown", f"definition_{table.variable}"),
            _sentence(table),
            group=_counted(table),
        )
        for table in tables
        if _is_divided(table)
    )


def hidden_tables(tables: tuple[BreakdownTable, ...]) -> tuple[ProtectedLine, ...]:
    """Return the tables that do not leave, or only as a total, and why; no item is named."""
    lines: dict[tuple[Words, Words, Words], list[Words]] = {}
    for table in tables:
        if not _is_divided(table):
            found = (_counted(table), _why(table), _instead(table))
            lines.setdefault(found, []).append(_say("breakdown", f"variable_{table.variable}"))
    return tuple(
        ProtectedLine(_joined([counted, *names], " · "), why, leaves) for (counted, why, leaves), names in lines.items()
    )


def _is_divided(table: BreakdownTable) -> bool:
    return table.is_shown and len(table.items) > 1


def _sentence(table: BreakdownTable) -> Words:
    said = []
    for language in ("it", "en"):
        names = _area(language, "disclosure_tree")
        items = [f"{names[f'{table.variable}_{item.node}']}: {item.count}" for item in table.items]
        said.append(" · ".join(items))
    return Words(*said)


def _counted(table: BreakdownTable) -> Words:
    if table.family == HOSTED:
        return _say("disclosure", "hosted", year=table.day.year)
    return _say("disclosure", "present", day=short_date(table.day))


def _why(table: BreakdownTable) -> Words:
    n = table.changed if table.reason == "churn" else 2 * table.k
    return _say("disclosure", _WHY.get(table.reason, "why_undone"), n=n, k=table.k)


def _instead(table: BreakdownTable) -> Words:
    return _say("disclosure", _INSTEAD.get(table.reason, "go_nothing"), k=table.k, year=table.day.year + 1)


def _joined(words: list[Words], joint: str) -> Words:
    return Words(joint.join(each.it for each in words), joint.join(each.other for each in words))
