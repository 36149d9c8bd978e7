"""The end of keeping: who is beyond the term, what would go and what would stay, and doing it, with a certificate.

What stands in the way is in `app.services.hold`, how rows are taken out in `app.services.erasing`, the copies of the
register that still hold her in `app.services.old_copy`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, update

from app.errors import ErasureChanged, ErasureHeld, NotFound
from app.models.guest import Guest
from app.models.house import House, Project
from app.models.night import house_day
from app.models.retention import Erasure, new_certificate_number
from app.models.stay import FOREVER, Stay
from app.models.work import Draft, MonthClose, Operator
from app.reference.ids import ErasureId, GuestId, ProjectId
from app.reference.texts import DEFAULT_LANGUAGE, language
from app.services.arrival import forget_unmet
from app.services.certificate import certificate_of, certificate_sheet, counts_to_json
from app.services.desk import Desk
from app.services.erasing import ANONYMISE, ERASE, erase
from app.services.erasure_plan import Certificate, ErasurePlan, OverdueRow, ProjectHold, RetentionView, Watch
from app.services.hanging import records_of, rows_of
from app.services.hold import Hold, due_on, holds_of, left_on, months_lived
from app.services.kept_guest import kept_guest
from app.services.ledger_store import forget_unbound
from app.services.mention import strike_out
from app.services.old_copy import OldCopies
from app.services.role import may_erase
from app.services.setting import read_settings
from app.services.term import months_after, read_terms

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["ANONYMISE", "ERASE", "Certificate", "ErasurePlan", "Hold", "OverdueRow", "Retentions", "Watch"]

TERM, REQUEST = "TERM", "REQUEST"
Told = Callable[[int, int], object]


class Retentions:
    """What is kept for how long, and its end; for coordination."""

    def __init__(self, desk: Desk, copies: OldCopies, date_after: Callable[[datetime], None]) -> None:
        """`date_after` lets copies be dated after a moment: they must be told from those of before."""
        self._desk = desk
        self._copies = copies
        self._date_after = date_after

    # --- looking ----------------------------------------------------------------------------------------------

    def view(self) -> RetentionView:
        """Return who is beyond the term, the projects, and what was done; raises RoleMayNot."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_erase)
            certificates = session.execute(
                select(Erasure, Operator.display_name)
                .outerjoin(Operator, Operator.id == Erasure.made_by)
                .order_by(Erasure.id.desc())
            ).all()
            projects = session.scalars(select(Project).order_by(Project.starts_on.desc()))
            return RetentionView(
                months=read_terms(session).retention_months,
                overdue=self._overdue(session),
                projects=tuple(ProjectHold(ProjectId(p.id), p.name, p.ends_on, p.hold_until) for p in projects),
                certificates=tuple(certificate_of(row, name) for row, name in certificates),
                copies=self._copies.read(session),
            )

    def watch(self) -> Watch | None:
        """Return what the page of the day says of it; None for a role that has no say in it."""
        with self._desk.vault.work() as session:
            if not may_erase(self._desk.role(session)):
                return None
            rows = self._overdue(session)
            free = sum(row.is_free_for(ANONYMISE) for row in rows)
            return Watch(len(rows), free, len(self._copies.read(session)))

    def count_overdue(self) -> int:
        """Return how many are beyond the term, for whoever examines the register; nobody is named."""
        with self._desk.vault.work() as session:
            return len(_beyond(session, self._desk.today()))

    def plan(self, guest: GuestId, *, asked: bool) -> ErasurePlan:
        """Return what erasing a guest would do, and what holds it back; nothing is written but the trail.

        Raises RoleMayNot, NotFound or GuestIsAnonymous.
        """
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_erase)
            self._desk.note(session, "read", "guest", guest)
            return self._plan(session, guest, asked=asked)

    def _overdue(self, session: Session) -> tuple[OverdueRow, ...]:
        today = self._desk.today()
        found = []
        for guest, code in _beyond(session, today):
            records = records_of(session, guest)
            last = left_on(session, records)
            if last is not None:
                holds = holds_of(session, records, today, asked=False)
                found.append(OverdueRow(guest, code, last, due_on(session, last), holds))
        return tuple(sorted(found, key=lambda row: (row.due_on, row.code)))

    def _plan(self, session: Session, guest: GuestId, *, asked: bool) -> ErasurePlan:
        kept = kept_guest(session, guest)
        records = records_of(session, kept.id)
        last = left_on(session, records)
        rows = {name: hanging.count for name, hanging in rows_of(session, records).items()}
        mentions = strike_out(session, records, only_count=True)
        shown = json.dumps([kept.id, rows, mentions.struck, len(mentions.left)])
        return ErasurePlan(
            guest=GuestId(kept.id),
            code=kept.code,
            asked=asked,
            left_on=last,
            due_on=due_on(session, last) if last is not None else None,
            holds=holds_of(session, records, self._desk.today(), asked=asked),
            rows=rows,
            months=len(months_lived(session, records)),
            drafts=session.scalar(select(func.count()).select_from(Draft)) or 0,
            struck=mentions.struck,
            left=mentions.left,
            seal=hashlib.sha256(shown.encode()).hexdigest(),
        )

    # --- doing ------------------------------------------------------------------------------------------------

    def erase(self, plan: ErasurePlan, kind: str, told: Told = lambda _done, _of: None) -> Certificate:
        """Do what a plan showed, whole or not at all, and return the certificate.

        What the disk still holds of it beside the store goes after; a crash in between is made good by `settle`.
        Raises RoleMayNot, ErasureHeld, ErasureChanged (the plan no longer tells what would go), NotFound or
        GuestIsAnonymous; then nothing is gone.
        """
        if kind not in (ERASE, ANONYMISE):
            raise NotFound(what="erasure", id=kind)
        now = self._desk.now()
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_erase)
            present = self._plan(session, plan.guest, asked=plan.asked)
            if present.seal != plan.seal:
                raise ErasureChanged
            if not present.is_free_for(kind):
                raise ErasureHeld(n=sum(kind in hold.holds for hold in present.holds))
            lived = months_lived(session, records_of(session, present.guest))
            today, note = self._desk.today(), self._desk.note
            done = erase(session, kind, present.guest, now=now, today=today, told=told, note=note)
            for house, month in sorted(lived, key=lambda each: (each[0], str(each[1]))):
                of_month = (MonthClose.house_id == house, MonthClose.month == str(month))
                session.execute(update(MonthClose).where(*of_month).values(is_final=True))
            self._copies.mark_all(session)
            row = Erasure(
                number=new_certificate_number(),
                kind=kind,
                reason=REQUEST if plan.asked else TERM,
                at=now,
                made_by=self._desk.vault.operator,
                counts=counts_to_json(done),
                copies_removed=0,
            )
            session.add(row)
            session.flush()
            self._desk.note(session, "erase" if kind == ERASE else "anonymise", "erasure", row.id)
            made = certificate_of(row, self._name(session))
        self._date_after(now)
        self.settle()
        return made

    def settle(self) -> None:
        """Take away what the disk holds beside the store of those who were erased; done again after a crash.

        Whoever was expected long ago and never came is forgotten as well, and so is what was published of
        people of whom none is left.
        """
        with self._desk.vault.work() as session:
            if forget_unmet(session, self._desk.today(), self._desk.note):
                self._desk.note(session, "delete", "arrival")
            for house in session.scalars(select(House.id)).all():
                if forget_unbound(session, house, self._desk.today()):
                    self._desk.note(session, "delete", "ledger", house)
        self._copies.tidy()
        for forget in self._desk.vault.at_lock:
            forget()  # what is kept in memory for the search is read anew

    def hold_project(self, project: ProjectId, until: date | None) -> None:
        """Say until when a project's accounts hold personal data, None while they are open; raises RoleMayNot."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_erase)
            found = session.get(Project, project)
            if found is None:
                raise NotFound(what="project", id=project)
            found.hold_until = until
            self._desk.note(session, "change", "project", project)

    def certificate(self, number: ErasureId) -> Certificate:
        """Return one certificate; raises RoleMayNot or NotFound."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_erase)
            row = session.get(Erasure, number)
            if row is None:
                raise NotFound(what="erasure", id=number)
            maker = session.get(Operator, row.made_by) if row.made_by is not None else None
            return certificate_of(row, maker.display_name if maker is not None else "")

    def certificate_pdf(self, number: ErasureId) -> bytes:
        """Return a certificate on paper, with the copies that are still to be destroyed today; raises as `certificate`.

        It is in Italian, with English beside it for who works with the program in another language.
        """
        from app.prints.erasure_certificate import erasure_certificate

        found, vault = self.certificate(number), self._desk.vault
        with vault.work() as session:
            ente = read_settings(session).ente
            copies = self._copies.read(session)
            self._desk.note(session, "print", "erasure", number)
        sheet = certificate_sheet(found, copies, ente=ente, label=vault.label())
        return erasure_certificate(sheet, english=language() != DEFAULT_LANGUAGE)

    def _name(self, session: Session) -> str:
        who = self._desk.vault.operator
        found = session.get(Operator, who) if who is not None else None
        return found.display_name if found is not None else ""


def _beyond(session: Session, today: date) -> list[tuple[GuestId, str]]:
    """Return those whose last exit lies beyond the term, without those of whom nothing but nights is left."""
    limit = months_after(today, -read_terms(session).retention_months)
    last = select(func.max(func.coalesce(Stay.exit_on, FOREVER))).where(Stay.guest_id == Guest.id).scalar_subquery()
    never = last.is_(None)
    query = (
        select(Guest.id, Guest.code, Guest.created_at, never)
        .where(Guest.merged_into_id.is_(None), Guest.anonymised_on.is_(None), or_(last <= limit, never))
        .order_by(Guest.id)
    )
    return [
        (GuestId(number), code)
        for number, code, made, without_stay in session.execute(query)
        if not without_stay or house_day(made) <= limit
    ]
