"""What a month's report holds before it becomes paper or a workbook.

Plain values only; they come counted and protected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from app.prints.document import NO_WORDS, Words

ReportState = Literal["previewed", "prepared", "accepted", "refused"]
Value = int | Decimal | Words | None


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One figure; `value` None means not recorded, which is neither zero nor protected."""

    label: Words
    definition: Words
    value: Value = None
    is_protected: bool = False
    group: Words = NO_WORDS
    note: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class ProtectedLine:
    """What was protected, why (naming no category), and what leaves in its place."""

    what: Words
    why: Words
    leaves: Words


@dataclass(frozen=True, slots=True)
class MonthReportSheet:
    """A month's report; `house_name` is the name that the recipient knows, `sha256` that of the package in hex."""

    ente: str
    house_name: str
    year: int
    month: int
    revision: int
    threshold: int
    lines: tuple[ReportLine, ...]
    protected: tuple[ProtectedLine, ...]
    sha256: str
    size: int
    recipient: str
    recipient_fingerprint: str
    state: ReportState
    made_on: date
    state_at: datetime | None = None
    receipt: str = ""
    signing_fingerprint: str = ""
    project: str = ""
    trail: str = ""
    """The head of the trail that goes along, in hex."""
