"""What goes to the capofila as a file, and the answers that come back as one: the same rules as over the network.

A file holds the very bytes and the very token of a push, so that mixing both ways counts once. Where the bytes are
written to and read from is not known here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from app.errors import NotEnrolled, NotFound, ReportBroken, SealingKeyUnknown, SendingWaits
from app.models.work import Enrolment, OutboxItem
from app.reference.ids import HouseId, OutboxId
from app.services.answer import Taken, take_enrolment, take_receipt
from app.services.booking import is_broken, move
from app.services.desk import Desk
from app.services.enrolment import keep_file_request, keep_key_in
from app.services.key_change import begin_in as begin_change
from app.services.key_change import leave_in
from app.services.restore import is_paused
from app.sync.file_answer import read_answer
from app.sync.file_name import random_name, sealed_name
from app.sync.invitation import read_invitation
from app.sync.key import SealingPublicKey
from app.sync.sealed import Sealed, SealedEnrolment, SealedKeyChange, SealedLeave, SealedReport, seal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["Kind", "SealedFile", "SealedFiles", "Taken"]

Kind = Literal["report", "enrolment", "key", "leave"]


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file for a stick or a mail; its name and its length tell nobody what is inside."""

    kind: Kind
    name: str
    content: bytes
    capofila_name: str
    key_fingerprint: str

    @property
    def sha256(self) -> str:
        """The hash of the file, so that both sides can see that they hold the same."""
        return hashlib.sha256(self.content).hexdigest()


class SealedFiles:
    """Files out to the capofila, and its answers in."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def seal_report(self, item: OutboxId) -> SealedFile:
        """Return a released report as a file; nothing is written down, for nobody has the file yet.

        Raises SealingKeyUnknown, SendingWaits in a restored register, ReportBroken or NotFound. It may be saved as
        often as needed; each that lies in its place is told with `note_handed_over`.
        """
        with self._desk.vault.work() as session:
            _require_sending(session)
            found = _report(session, item)
            if is_broken(found):
                raise ReportBroken
            place = session.get(Enrolment, found.house_id)
            if place is None or place.capofila != found.capofila:
                raise SealingKeyUnknown
            content = SealedReport.of(found.payload, found.token, found.idempotency_key)
            return _sealed("report", content, place.seal_key, found.capofila_name)

    def note_handed_over(self, item: OutboxId) -> None:
        """Remember that a report lies in a file now; it goes on waiting for its receipt, and may go over the network.

        Raises NotFound.
        """
        with self._desk.vault.work() as session:
            move(_report(session, item), "saved", self._desk.now())
            self._desk.note(session, "hand_over", "report", item)

    def enrolment_request(self, house: HouseId, invitation_text: str) -> SealedFile:
        """Return the wish to enrol as a file; the answer to it completes the enrolment.

        Raises InvitationInvalid, SealingKeyUnknown for an invitation of the first kind, ReportsWaiting or RoleMayNot.
        """
        invitation = read_invitation(invitation_text)
        with self._desk.vault.work() as session:
            self._desk.require_coordination(session)
            pending = keep_key_in(session, house, invitation)
            keep_file_request(session, house, invitation)
            content = SealedEnrolment(invitation.token, pending.public_key)
            made = _sealed("enrolment", content, invitation.seal, invitation.capofila_name)
            self._desk.note(session, "hand_over", "house", house)
            return made

    def key_change(self, house: HouseId) -> SealedFile:
        """Return the change of a house's key as a file.

        Raises SealingKeyUnknown, SendingWaits, NotEnrolled or RoleMayNot.
        """
        with self._desk.vault.work() as session:
            self._desk.require_coordination(session)
            change = begin_change(session, self._desk, house)
            return self._about_house(session, "key", house, SealedKeyChange(change.token))

    def leave(self, house: HouseId) -> SealedFile:
        """Return the word that a house leaves as a file; it has left at once.

        Raises SealingKeyUnknown, NotEnrolled or RoleMayNot.
        """
        with self._desk.vault.work() as session:
            self._desk.require_coordination(session)
            statement = leave_in(session, self._desk, house)
            return self._about_house(session, "leave", house, SealedLeave(statement.token))

    def take(self, data: bytes) -> Taken:
        """Take whatever answer of the capofila a file holds: a receipt, a refusal, the word of an enrolment or a key.

        Raises AnswerInvalid (it is none), AnswerTooNew, ReceiptInvalid (it proves nothing), ReceiptForNobody,
        ReceiptForBroken, AnswerForNobody, EnrolmentUnproven or ReportsWaiting, and then writes nothing.
        """
        answer = read_answer(data)
        with self._desk.vault.work() as session:
            if answer.kind == "receipt":
                return take_receipt(session, self._desk, answer)
            return take_enrolment(session, self._desk, answer)

    def cover(self, file: SealedFile, *, english: bool = True) -> bytes:
        """Return the page that goes with a file, as PDF in Italian, with English beside it."""
        from app.prints.cover import Cover, cover_pdf

        cover = Cover(file.kind, file.name, file.sha256, file.capofila_name, file.key_fingerprint)
        return cover_pdf(cover, english=english)

    def _about_house(self, session: Session, kind: Kind, house: HouseId, content: Sealed) -> SealedFile:
        place = session.get(Enrolment, house)
        if place is None:
            raise NotEnrolled
        self._desk.note(session, "hand_over", "house", house)
        return _sealed(kind, content, place.seal_key, place.capofila_name)


def _sealed(kind: Kind, content: Sealed, key: bytes | None, capofila_name: str) -> SealedFile:
    if key is None:
        raise SealingKeyUnknown
    public = SealingPublicKey(key)
    name = sealed_name(random_name())
    return SealedFile(kind, name, seal(content, public), capofila_name, public.fingerprint())


def _report(session: Session, item: OutboxId) -> OutboxItem:
    found = session.get(OutboxItem, item)
    if found is None:
        raise NotFound(what="report", id=item)
    return found


def _require_sending(session: Session) -> None:
    if is_paused(session):
        raise SendingWaits
