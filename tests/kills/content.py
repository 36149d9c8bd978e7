"""What a register holds, as plain words that can be compared: who, which nights, which meals, which documents.

It reads with the program's own models, so sealed values come out as whoever is at the desk may read them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.dossier import Consent, DiaryEntry, Document, DocumentContent, PaperGiven
from app.models.guest import Guest
from app.models.service import Meal, Presence
from app.models.shift import Handover, NightRound
from app.models.stay import BedAssignment, CustodyItem, HealthNeed, Stay, StayNeed
from app.models.work import MonthClose
from app.services.calendar import Month
from app.services.register import Register
from app.services.totals import MonthFigures, exact_figures

Content = dict[str, str]


def content_of(register: Register) -> Content:
    """Return everything that the deeds write, each under a name of its own."""
    with register.desk.vault.work() as session:
        found = {**_guests(session), **_days(session), **_words(session), **_documents(session), **_months(session)}
    found |= {f"draft {form}": digest(text) for form, text in register.drafts.take_all().items()}
    return found


def digest(content: str | bytes) -> str:
    """Return a short word for a long one."""
    return sha256(content.encode() if isinstance(content, str) else content).hexdigest()[:16]


def guest_word(entered: object, left: object = None, *counts: int) -> str:
    """Return what a guest's entry came to, in one word: an entry that was half written says something else."""
    return f"{entered}..{left or ''} {counts or (0, 0, 0, 0, 0)}"  # beds, consents, papers, needs, things


def wrong_figures(register: Register) -> list[str]:
    """Return the closed months whose kept figures are not those that counting again gives."""
    wrong = []
    with register.desk.vault.work() as session:
        for close in session.scalars(select(MonthClose)):
            kept = MonthFigures.from_json(close.figures)
            if kept != exact_figures(session, close.house_id, Month.parse(close.month)):
                wrong.append(f"{close.month} r{close.revision}")
    return wrong


def _guests(session: Session) -> Content:
    beds = Counter(session.scalars(select(BedAssignment.stay_id)))
    needs = Counter(session.scalars(select(StayNeed.stay_id))) + Counter(session.scalars(select(HealthNeed.stay_id)))
    things = Counter(session.scalars(select(CustodyItem.stay_id)))
    consents = Counter(session.scalars(select(Consent.guest_id)))
    papers = Counter(session.scalars(select(PaperGiven.guest_id)))
    found = {}
    for guest, stay in session.execute(select(Guest, Stay).outerjoin(Stay, Stay.guest_id == Guest.id)):
        found[f"guest {guest.name_used}"] = (
            "no stay"
            if stay is None
            else guest_word(
                stay.entered_on,
                stay.exit_on,
                beds[stay.id],
                consents[guest.id],
                papers[guest.id],
                needs[stay.id],
                things[stay.id],
            )
        )
    return found


def _days(session: Session) -> Content:
    names = {stay: name for stay, name in session.execute(select(Stay.id, Guest.name_used).join(Guest))}  # noqa: C416
    found = {f"night {names[row.stay_id]} {row.night}": row.state for row in session.scalars(select(Presence))}
    meals = defaultdict(list)
    for meal in session.scalars(select(Meal)):
        meals[f"meal {names[meal.stay_id]} {meal.day}"].append(meal.kind)
    return found | {name: " ".join(sorted(kinds)) for name, kinds in meals.items()}


def _words(session: Session) -> Content:
    found = {f"diary {digest(row.text)}": str(row.day) for row in session.scalars(select(DiaryEntry))}
    for note in session.scalars(select(Handover)):
        found[f"handover {digest(note.text)}"] = "done" if note.done_at else "open"
    for signed in session.scalars(select(NightRound)):
        found[f"signed {signed.night}"] = digest(f"{signed.initials} {signed.note}")
    return found


def _documents(session: Session) -> Content:
    rows = session.execute(select(Document, DocumentContent.content).outerjoin(DocumentContent))
    return {f"document {row.title}": digest(content or b"") for row, content in rows}


def _months(session: Session) -> Content:
    rows = session.scalars(select(MonthClose).order_by(MonthClose.revision))
    return {f"month {row.month}": f"r{row.revision} {'open' if row.reopened_at else 'closed'}" for row in rows}
