"""The figures as CSV (RFC 4180): a row a figure, all states in words that a program can read; no cell is a formula.

`inside` has every shelter's figures and stays in the network; `outside` has totals only, by the rule of `total.py`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from app.capofila.handout.cell import told
from app.capofila.handout.network import Due, Network
from app.capofila.handout.total import total
from app.reference.figure import reported_figures

_FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""With one of these first a spreadsheet takes a text for a formula, in quotes too (OWASP, CSV injection)."""

_INSIDE = (
    *("shelter", "shelter_name", "province", "period", "revision", "received_at", "threshold"),
    *("element", "label", "unit", "status", "value"),
)
_OUTSIDE = ("period", "element", "label", "unit", "status", "value", "shelters", "hidden", "not_recorded", "awaited")


def figures_csv(network: Network, periods: Iterable[str], due: Due) -> bytes:
    """Return every shelter's figures of the months, one a row; UTF-8 with a mark, so that spreadsheets read accents."""
    rows: list[tuple[object, ...]] = []
    for period in periods:
        for shelter in network.shelters:
            report = network.report(shelter.id, period)
            for figure in reported_figures():
                state, value = told(network, shelter, period, figure.code, due)
                if state == "not_due":
                    continue
                came = ("", "", "")
                if report is not None:
                    came = (
                        str(report.report.revision),
                        f"{report.received_at:%Y-%m-%dT%H:%M:%SZ}",
                        str(report.report.threshold),
                    )
                who = (shelter.id, shelter.name, shelter.province or "")
                rows.append((*who, period, *came, figure.code, figure.label(), figure.unit, state, value))
    return _written(_INSIDE, rows)


def totals_csv(network: Network, periods: Iterable[str]) -> bytes:
    """Return the totals that may leave the network, one a row; one that may not has a status and no value."""
    rows: list[tuple[object, ...]] = []
    for period in periods:
        for figure in reported_figures():
            found = total(network, figure.code, period, outside=True)
            if found.why == "no_report":
                continue
            counts = (len(found.shown), found.hidden, found.unrecorded, found.awaited)
            status = found.why or "shown"
            rows.append((period, figure.code, figure.label(), figure.unit, status, found.value, *counts))
    return _written(_OUTSIDE, rows)


def harmless(value: object) -> object:
    """Return a text that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA_SIGNS):
        return f"'{value}"
    return "" if value is None else value


def _written(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([harmless(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
