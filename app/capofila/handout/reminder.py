"""Reminders: the text to copy for those who are late, and the due days as a calendar (RFC 5545).

No mail is sent from here, and neither names anything of the field: a calendar is synchronised to many places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.capofila.handout.network import Due, Network, NetworkShelter
from app.reference.texts import say_day, say_month, tr, tr_n

LONGEST_LINE = 75
"""Octets of a line of a calendar; longer ones are folded."""


@dataclass(frozen=True, slots=True)
class Late:
    """A shelter that owes reports whose due day is over."""

    shelter: NetworkShelter
    periods: tuple[str, ...]


def late_shelters(network: Network, periods: Iterable[str], due: Due) -> tuple[Late, ...]:
    """Return who is late with which of the months."""
    over = [period for period in periods if due.is_over(period)]
    found = []
    for shelter in network.shelters:
        owed = tuple(p for p in over if network.owes(shelter, p) and network.report(shelter.id, p) is None)
        if owed:
            found.append(Late(shelter, owed))
    return tuple(found)


def reminder_text(late: Late, due: Due) -> str:
    """Return the text to copy into a message: which months, since when, what to do; it names no shelter."""
    months = "\n".join(
        tr("handout.reminder_month", month=month_words(period), due=say_day(due.on(period))) for period in late.periods
    )
    head = tr_n("handout.reminder_head", len(late.periods))
    return f"{head}\n{months}\n\n{tr('handout.reminder_foot')}"


def calendar(periods: Iterable[str], now: datetime, due: Due) -> bytes:
    """Return a calendar with a day for each month's report and an alarm three days before."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Approdo//capofila//IT", "CALSCALE:GREGORIAN"]
    for period in periods:
        day = due.on(period)
        lines += [
            "BEGIN:VEVENT",
            f"UID:rapporto-{period}@approdo.invalid",
            f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(tr('handout.calendar_summary', month=month_words(period)))}",
            f"DESCRIPTION:{_escaped(tr('handout.calendar_text'))}",
            "TRANSP:TRANSPARENT",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{_escaped(tr('handout.calendar_alarm', due=say_day(day)))}",
            "TRIGGER:-P3D",
            "END:VALARM",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line)).encode("utf-8")


def month_words(period: str) -> str:
    """Return `ottobre 2026`."""
    return say_month(int(period[:4]), int(period[5:]))


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 octets, all but the first with a space before; no letter is cut."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode("utf-8")) > LONGEST_LINE:
            yield piece
            piece = " "
        piece += letter
    yield piece
