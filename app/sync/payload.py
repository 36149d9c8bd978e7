"""What leaves the laptop: one month's totals and breakdowns as canonical JSON (RFC 8785), always 6144 bytes long.

It carries counts from a closed list, and the head of the trail, a hash of hashes; nothing else: no name, no date of a
person, no free text, no house. Packages of the first version, 4096 bytes without breakdowns, are still read.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

import rfc8785

from app.errors import PayloadInvalid
from app.sync.breakdown import Cut, check_cuts, read_cuts

SCHEMA = "approdo.month/2"
SIZE = 6144
"""Bytes of every package: a constant size tells nothing about what is inside. The most that three tables of all
variables can take, whatever the number of guests, fits in it (a test counts it)."""

FIRST_SCHEMA, FIRST_SIZE = "approdo.month/1", 4096
"""The version without breakdowns: reports that were signed with it may still be on their way."""
_SIZES = {FIRST_SCHEMA: FIRST_SIZE, SCHEMA: SIZE}

ELEMENTS = ("M01", "M05", "M06", "M07", "M09", "M10", "M11")
"""The figures that may leave, in the order in which they are written."""

BEDS = "M01"
"""The one figure that counts places and not what people did: the threshold does not touch it."""

LEAST_THRESHOLD = 3
"""No threshold below three (Regole deontologiche Sistan, G.U. 11 of 14-1-2019, art. 5)."""

MOST_THRESHOLD = 100
MOST_REVISION = 999
MOST_VALUE = 999_999

SHELTER_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9-]{0,63}$"
PERIOD_PATTERN = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
TRAIL_PATTERN = r"^[0-9a-f]{64}$"
PADDING_SIGN = "."

_FIRST_MEMBERS = {"schema", "shelter", "period", "revision", "threshold", "figures", "trail", "padding"}
_MEMBERS = {FIRST_SCHEMA: _FIRST_MEMBERS, SCHEMA: _FIRST_MEMBERS | {"breakdowns"}}


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure that is told."""

    element: str
    value: int

    def __post_init__(self) -> None:
        _check_element(self.element)
        _check_count(self.value, 0, MOST_VALUE, "value")


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A figure that exists and is not told, because too few people stand behind it; it has no value at all."""

    element: str

    def __post_init__(self) -> None:
        _check_element(self.element)


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """A figure that the shelter does not record: neither zero nor hidden."""

    element: str

    def __post_init__(self) -> None:
        _check_element(self.element)


FigureCell = Shown | Suppressed | NotRecorded


@dataclass(frozen=True, slots=True)
class MonthReport:
    """The totals of one shelter for one month; making one that breaks a rule raises PayloadInvalid.

    `shelter` is the id given at enrolment, `period` is "2026-06", `revision` counts from 1. The figures are some of
    `ELEMENTS`, each at most once and in that order. `trail` is the head of the shelter's trail when the month was
    closed: 64 hexadecimal digits that tell nothing, not even how long the trail is. `breakdowns` are the tables that
    were due with this month; in most months none is.
    """

    shelter: str
    period: str
    revision: int
    threshold: int
    figures: tuple[FigureCell, ...]
    trail: str
    breakdowns: tuple[Cut, ...] = ()
    schema: str = SCHEMA

    def __post_init__(self) -> None:
        _check_text(self.shelter, SHELTER_PATTERN, "shelter")
        _check_text(self.period, PERIOD_PATTERN, "period")
        _check_count(self.revision, 1, MOST_REVISION, "revision")
        _check_count(self.threshold, LEAST_THRESHOLD, MOST_THRESHOLD, "threshold")
        _check_text(self.trail, TRAIL_PATTERN, "trail")
        self._check_figures()
        check_cuts(self.breakdowns, self.period)
        if self.schema not in _SIZES or (self.breakdowns and self.schema != SCHEMA):
            raise PayloadInvalid(reason="schema")

    def _check_figures(self) -> None:
        if type(self.figures) is not tuple or not self.figures:
            raise PayloadInvalid(reason="figures")
        if not all(isinstance(cell, FigureCell) for cell in self.figures):
            raise PayloadInvalid(reason="figures")
        order = [ELEMENTS.index(cell.element) for cell in self.figures]
        if order != sorted(set(order)):
            raise PayloadInvalid(reason="order")
        for cell in self.figures:
            # A last lock behind the rules of the doorway: whoever counts gives at least one night, meal or referral,
            # so fewer of these than the threshold means fewer people than the threshold.
            if isinstance(cell, Shown) and cell.element != BEDS and 0 < cell.value < self.threshold:
                raise PayloadInvalid(reason="below_threshold")


def to_bytes(report: MonthReport) -> bytes:
    """Return the package that leaves: RFC 8785 bytes, padded to one size; equal reports give equal bytes.

    Raises PayloadInvalid for one that does not fit.
    """
    room = _SIZES[report.schema] - len(rfc8785.dumps(_document(report, "")))
    if room < 0:
        raise PayloadInvalid(reason="size")
    return rfc8785.dumps(_document(report, PADDING_SIGN * room))


def from_bytes(package: bytes) -> MonthReport:
    """Return the report that a package holds.

    Raises PayloadInvalid for anything but the exact bytes that `to_bytes` would write for that report: another size,
    an unknown field, element or status, another order, another padding.
    """
    if len(package) not in _SIZES.values():
        raise PayloadInvalid(reason="size")
    document = _parsed(package)
    cells = document["figures"]
    if type(cells) is not list:
        raise PayloadInvalid(reason="figures")
    report = MonthReport(
        shelter=document["shelter"],
        period=document["period"],
        revision=document["revision"],
        threshold=document["threshold"],
        figures=tuple(_cell(cell) for cell in cells),
        trail=document["trail"],
        breakdowns=read_cuts(document.get("breakdowns", [])),
        schema=document["schema"],
    )
    if to_bytes(report) != package:
        raise PayloadInvalid(reason="not_canonical")
    return report


def digest(package: bytes) -> str:
    """Return the SHA-256 of a package in lower-case hexadecimal, as receipts name it."""
    return hashlib.sha256(package).hexdigest()


def _document(report: MonthReport, padding: str) -> dict[str, Any]:
    more = {} if report.schema == FIRST_SCHEMA else {"breakdowns": [cut.to_json() for cut in report.breakdowns]}
    return {
        "schema": report.schema,
        "shelter": report.shelter,
        "period": report.period,
        "revision": report.revision,
        "threshold": report.threshold,
        "figures": [_written(cell) for cell in report.figures],
        "trail": report.trail,
        "padding": padding,
        **more,
    }


def _written(cell: FigureCell) -> dict[str, Any]:
    match cell:
        case Shown(element, value):
            return {"element": element, "status": "shown", "value": value}
        case Suppressed(element):
            return {"element": element, "status": "suppressed"}
        case NotRecorded(element):
            return {"element": element, "status": "not_recorded"}


def _parsed(package: bytes) -> dict[str, Any]:
    try:
        document = json.loads(package.decode("utf-8"))
    except (ValueError, RecursionError):  # RecursionError: thousands of opening brackets
        raise PayloadInvalid(reason="not_json") from None
    if type(document) is not dict or type(document.get("schema")) is not str:
        raise PayloadInvalid(reason="fields")
    members = _MEMBERS.get(document["schema"])
    if members is None:
        raise PayloadInvalid(reason="schema")
    if set(document) != members:
        raise PayloadInvalid(reason="fields")
    if len(package) != _SIZES[document["schema"]]:
        raise PayloadInvalid(reason="size")
    return document


def _cell(raw: Any) -> FigureCell:
    if type(raw) is not dict:
        raise PayloadInvalid(reason="figures")
    match raw:
        case {"element": element, "status": "shown", "value": value} if len(raw) == 3:
            return Shown(element, value)
        case {"element": element, "status": "suppressed"} if len(raw) == 2:
            return Suppressed(element)
        case {"element": element, "status": "not_recorded"} if len(raw) == 2:
            return NotRecorded(element)
    raise PayloadInvalid(reason="figures")


def _check_element(element: object) -> None:
    if type(element) is not str or element not in ELEMENTS:
        raise PayloadInvalid(reason="element")


def _check_count(value: object, least: int, most: int, reason: str) -> None:
    # `type() is`, because True is an int to isinstance.
    if type(value) is not int or not least <= value <= most:
        raise PayloadInvalid(reason=reason)


def _check_text(value: object, pattern: str, reason: str) -> None:
    if type(value) is not str or not re.fullmatch(pattern, value):
        raise PayloadInvalid(reason=reason)
