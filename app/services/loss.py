"""What to know on the day the computer is gone: counts of what was on it, whom to call, and the sheet that says it.

Counts only; nobody is named, and nothing of the sheet is written to the disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.models.dossier import DiaryEntry, Document
from app.models.guest import Guest
from app.models.night import HOUSE_ZONE
from app.models.protection import LegalStatus, VictimStatus
from app.models.service import Presence, Referral
from app.models.stay import FOREVER, Stay
from app.models.work import Setting
from app.reference.texts import DEFAULT_LANGUAGE, language
from app.services.backup import LAST
from app.services.desk import Desk
from app.services.setting import read_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import InstrumentedAttribute, Session

CONTACTS = "loss_contacts"
MOST_SIGNS = 600
MOST_LINES = 8


@dataclass(frozen=True, slots=True)
class Inventory:
    """How much the register holds, by kind; what art. 33 of the GDPR asks to tell of a breach."""

    guests: int
    here_now: int
    stays: int
    nights: int
    referrals: int
    legal: int
    """Records about permits and the status of victim."""
    documents: int
    notes: int
    first_day: date | None
    last_backup: datetime | None


class Losses:
    """The day the computer is gone."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def inventory(self) -> Inventory:
        """Count what is in the register today."""
        today = self._desk.today()
        with self._desk.vault.work() as session:
            here = select(func.count()).where(Stay.entered_on <= today, func.coalesce(Stay.exit_on, FOREVER) > today)
            people = select(func.count()).select_from(Guest).where(Guest.merged_into_id.is_(None))
            last = session.get(Setting, LAST)
            return Inventory(
                guests=session.scalar(people) or 0,
                here_now=session.scalar(here) or 0,
                stays=_count(session, Stay.id),
                nights=_count(session, Presence.stay_id),
                referrals=_count(session, Referral.id),
                legal=_count(session, LegalStatus.id) + _count(session, VictimStatus.guest_id),
                documents=_count(session, Document.id),
                notes=_count(session, DiaryEntry.id),
                first_day=session.scalar(select(func.min(Stay.entered_on))),
                last_backup=datetime.fromisoformat(last.value) if last is not None else None,
            )

    def contacts(self) -> str:
        """Return whom to call, line by line as somebody wrote it."""
        with self._desk.vault.work() as session:
            found = session.get(Setting, CONTACTS)
            return found.value if found is not None else ""

    def write_contacts(self, text: str) -> None:
        """Keep whom to call: a few short lines; what is longer than the sheet's room is cut."""
        lines = [line.strip() for line in text[:MOST_SIGNS].splitlines() if line.strip()]
        with self._desk.vault.work() as session:
            session.merge(Setting(name=CONTACTS, value="\n".join(lines[:MOST_LINES])))
            self._desk.note(session, "change", "setting")

    def sheet(self) -> bytes:
        """Return the sheet for the day the computer is gone, as PDF in memory; the trail notes the print.

        It is in Italian, with English beside it for who works with the program in another language.
        """
        from app.prints.lost_computer import LostComputerSheet, lost_computer_sheet

        found, contacts, vault = self.inventory(), self.contacts(), self._desk.vault
        with self._desk.vault.work() as session:
            ente = read_settings(session).ente
            self._desk.note(session, "print", "loss")
        made_on = self._desk.now().astimezone(HOUSE_ZONE).date()
        return lost_computer_sheet(
            LostComputerSheet(
                ente=ente,
                contacts=tuple(contacts.splitlines()),
                made_on=made_on,
                label=vault.label(),
                counts=(
                    ("guests", found.guests),
                    ("here_now", found.here_now),
                    ("stays", found.stays),
                    ("nights", found.nights),
                    ("referrals", found.referrals),
                    ("legal", found.legal),
                    ("documents", found.documents),
                    ("notes", found.notes),
                ),
                first_day=found.first_day,
                last_backup=found.last_backup.astimezone(HOUSE_ZONE).date() if found.last_backup else None,
                cipher=vault.cipher_version,
                device_secret=vault.uses_device_secret(),
            ),
            english=language() != DEFAULT_LANGUAGE,
        )


def _count(session: Session, column: InstrumentedAttribute[int]) -> int:
    return session.scalar(select(func.count(column))) or 0
