"""A guest's permits, victim status, forms of exploitation and safety, each for the roles that may see it.

The dates that follow from a permit are reckoned in `app.services.deadline`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from app.errors import DayInFuture, ExpiresBeforeItBegins, FieldMissing, NotFound
from app.models.guest import Guest
from app.models.protection import Exploitation, LegalStatus, Safety, VictimStatus
from app.models.work import Operator
from app.reference.codelist import codelist, require
from app.reference.ids import GuestId, LegalStatusId
from app.services.desk import Desk
from app.services.role import may_see_protection, may_see_safety
from app.services.term import read_terms

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOT_ASSESSED = "ND"


@dataclass(frozen=True, slots=True)
class PermitDraft:
    """A permit or another title as the operator enters it."""

    guest: GuestId
    permit: str
    from_day: date
    until_day: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PermitRow:
    """A title that a guest has or had; `ends_on` is its expiry as written or, for the certificate, as reckoned."""

    id: LegalStatusId
    permit: str
    from_day: date
    until_day: date | None
    note: str | None
    ends_on: date | None = None
    work_from: date | None = None


@dataclass(frozen=True, slots=True)
class StatusRow:
    """What a guest's victim status was from a day on."""

    status: str
    from_day: date


@dataclass(frozen=True, slots=True)
class ExploitationForms:
    """The forms of exploitation and the one that prevails."""

    forms: tuple[str, ...] = ()
    prevalent: str | None = None


@dataclass(frozen=True, slots=True)
class SafetyDraft:
    """What keeps a guest safe."""

    risk: str = NOT_ASSESSED
    phone_checked: bool | None = None
    avoid: str | None = None
    never_contact: str | None = None
    trusted_contact: str | None = None


@dataclass(frozen=True, slots=True)
class SafetyRow(SafetyDraft):
    """What is written of a guest's safety, by whom and when."""

    changed_by: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Protection:
    """What the law asks about a guest; the newest first. Safety is asked for apart."""

    permits: tuple[PermitRow, ...]
    statuses: tuple[StatusRow, ...]
    exploitation: ExploitationForms

    @property
    def permit(self) -> PermitRow | None:
        """The title in force: the newest."""
        return self.permits[0] if self.permits else None

    @property
    def status(self) -> StatusRow | None:
        """The victim status in force."""
        return self.statuses[0] if self.statuses else None


class Protections:
    """What the law and safety ask about a guest."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_guest(self, guest: GuestId) -> Protection:
        """Return a guest's titles, status and forms of exploitation, and note that they were read.

        Raises RoleMayNot or NotFound.
        """
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_protection)
            _require_guest(session, guest)
            self._desk.note(session, "read", "protection", guest)
            return Protection(_permits(session, guest), _statuses(session, guest), _forms(session, guest))

    # --- permits

    def add_permit(self, draft: PermitDraft) -> LegalStatusId:
        """Write a title; raises RoleMayNot, UnknownCode, DayInFuture, ExpiresBeforeItBegins or NotFound."""
        with self._desk.vault.work() as session:
            self._check_permit(session, draft)
            row = LegalStatus(guest_id=draft.guest, permit="", from_day=draft.from_day)
            _fill_permit(row, draft)
            session.add(row)
            session.flush()
            self._desk.note(session, "add", "permit", draft.guest)
            return LegalStatusId(row.id)

    def change_permit(self, permit: LegalStatusId, draft: PermitDraft) -> None:
        """Put a title right; raises as `add_permit`."""
        with self._desk.vault.work() as session:
            self._check_permit(session, draft)
            _fill_permit(_permit_of(session, permit, draft.guest), draft)
            self._desk.note(session, "change", "permit", draft.guest)

    def remove_permit(self, guest: GuestId, permit: LegalStatusId) -> None:
        """Take out a title that was written by mistake; raises RoleMayNot or NotFound."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_protection)
            session.delete(_permit_of(session, permit, guest))
            self._desk.note(session, "remove", "permit", guest)

    def _check_permit(self, session: Session, draft: PermitDraft) -> None:
        self._desk.require_role(session, may_see_protection)
        require("permit", draft.permit)
        _require_guest(session, draft.guest)
        if draft.from_day > self._desk.today():
            raise DayInFuture(day=draft.from_day)
        if draft.until_day is not None and draft.until_day < draft.from_day:
            raise ExpiresBeforeItBegins(day=draft.from_day, until=draft.until_day)

    # --- victim status

    def set_status(self, guest: GuestId, status: str, from_day: date, *, instead_of: date | None = None) -> None:
        """Write the victim status from a day on, in the place of one of the same day, or of the day `instead_of`.

        Raises RoleMayNot, UnknownCode, DayInFuture or NotFound.
        """
        require("victim_status", status)
        if from_day > self._desk.today():
            raise DayInFuture(day=from_day)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_protection)
            _require_guest(session, guest)
            if instead_of is not None:
                session.execute(
                    delete(VictimStatus).where(VictimStatus.guest_id == guest, VictimStatus.from_day == instead_of)
                )
            session.merge(VictimStatus(guest_id=guest, from_day=from_day, status=status))
            self._desk.note(session, "change", "victim_status", guest)

    def remove_status(self, guest: GuestId, from_day: date) -> None:
        """Take out a status that was written by mistake; raises RoleMayNot."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_protection)
            session.execute(
                delete(VictimStatus).where(VictimStatus.guest_id == guest, VictimStatus.from_day == from_day)
            )
            self._desk.note(session, "remove", "victim_status", guest)

    # --- exploitation

    def set_exploitation(self, guest: GuestId, wanted: ExploitationForms) -> None:
        """Write the forms, and which one prevails; a single form prevails by itself.

        Raises RoleMayNot, UnknownCode, NotFound, or FieldMissing when the prevalent one is not among the forms.
        """
        forms = tuple(dict.fromkeys(wanted.forms))
        for form in forms:
            require("exploitation", form)
        prevalent = forms[0] if len(forms) == 1 else wanted.prevalent
        if prevalent is not None and prevalent not in forms:
            raise FieldMissing(field=prevalent)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_protection)
            _require_guest(session, guest)
            session.execute(delete(Exploitation).where(Exploitation.guest_id == guest))
            session.add_all(Exploitation(guest_id=guest, form=form, is_prevalent=form == prevalent) for form in forms)
            self._desk.note(session, "change", "exploitation", guest)

    # --- safety

    def safety(self, guest: GuestId) -> SafetyRow | None:
        """Return what keeps a guest safe, None when nothing is written, and note that it was read.

        Raises RoleMayNot or NotFound.
        """
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_safety)
            _require_guest(session, guest)
            self._desk.note(session, "read", "safety", guest)
            found = session.get(Safety, guest)
            if found is None:
                return None
            who = session.get(Operator, found.changed_by) if found.changed_by is not None else None
            return SafetyRow(
                found.risk,
                found.phone_checked,
                found.avoid,
                found.never_contact,
                found.trusted_contact,
                who.display_name if who else "",
                found.changed_at,
            )

    def set_safety(self, guest: GuestId, draft: SafetyDraft) -> None:
        """Write what keeps a guest safe; raises RoleMayNot, UnknownCode or NotFound."""
        require("risk", draft.risk)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_safety)
            _require_guest(session, guest)
            session.merge(
                Safety(
                    guest_id=guest,
                    risk=draft.risk,
                    phone_checked=draft.phone_checked,
                    avoid=draft.avoid or None,
                    never_contact=draft.never_contact or None,
                    trusted_contact=draft.trusted_contact or None,
                    changed_by=self._desk.vault.operator,
                    changed_at=self._desk.now(),
                )
            )
            self._desk.note(session, "change", "safety", guest)


def _require_guest(session: Session, guest: GuestId) -> None:
    if session.get(Guest, guest) is None:
        raise NotFound(what="guest", id=guest)


def _permit_of(session: Session, permit: LegalStatusId, guest: GuestId) -> LegalStatus:
    found = session.get(LegalStatus, permit)
    if found is None or found.guest_id != guest:
        raise NotFound(what="permit", id=permit)
    return found


def _fill_permit(row: LegalStatus, draft: PermitDraft) -> None:
    row.permit, row.from_day, row.until_day = draft.permit, draft.from_day, draft.until_day
    row.note = draft.note or None


def _permits(session: Session, guest: GuestId) -> tuple[PermitRow, ...]:
    terms = read_terms(session)
    rows = session.scalars(
        select(LegalStatus)
        .where(LegalStatus.guest_id == guest)
        .order_by(LegalStatus.from_day.desc(), LegalStatus.id.desc())
    )
    return tuple(
        PermitRow(
            LegalStatusId(row.id),
            row.permit,
            row.from_day,
            row.until_day,
            row.note,
            terms.permit_end(row.permit, row.from_day, row.until_day),
            terms.work_from(row.permit, row.from_day),
        )
        for row in rows
    )


def _statuses(session: Session, guest: GuestId) -> tuple[StatusRow, ...]:
    rows = session.execute(
        select(VictimStatus.status, VictimStatus.from_day)
        .where(VictimStatus.guest_id == guest)
        .order_by(VictimStatus.from_day.desc())
    )
    return tuple(StatusRow(status, from_day) for status, from_day in rows)


def _forms(session: Session, guest: GuestId) -> ExploitationForms:
    rows = session.execute(
        select(Exploitation.form, Exploitation.is_prevalent).where(Exploitation.guest_id == guest)
    ).all()
    order = codelist("exploitation").codes()
    forms = tuple(
        sorted((form for form, _ in rows), key=lambda form: order.index(form) if form in order else len(order))
    )
    return ExploitationForms(forms, next((form for form, prevails in rows if prevails), None))
