"""What comes as a file (`.approdo`) instead of over the network: opened, judged by the same rules, answered as a file.

Nothing is decided here that the network would not decide; so a report that comes both ways counts once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.capofila.answer import EnrolmentWord, Filed, TurnedAway
from app.capofila.audit import note
from app.capofila.enrolment import Enrolments
from app.capofila.keyring import KeyRing
from app.capofila.sender import find_sender
from app.capofila.service import Delivery, Reception
from app.capofila.store import Store
from app.errors import KeyInvalid, PayloadInvalid, SealInvalid, SignatureInvalid
from app.sync.file_answer import FileAnswer, write_answer
from app.sync.file_name import answer_name
from app.sync.key import PublicKey
from app.sync.payload import from_bytes
from app.sync.sealed import Sealed, SealedEnrolment, SealedKeyChange, SealedLeave, SealedReport, open_sealed
from app.sync.signature import LONGEST_TEXT, peek, read_kid

__all__ = ["FileDesk", "OpenedFile", "answer_name"]


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """What a file was and the bytes of the answer to give back; None where nothing may be answered.

    `kind` is filed, enrolled, key_changed, left or refused. Shelter and month are those of a report whose sender is
    proved.
    """

    kind: str
    content: bytes | None
    reason: str | None = None
    shelter_id: str | None = None
    period: str | None = None
    revision: int | None = None


class FileDesk:
    """Opens files; safe to use from several threads."""

    def __init__(self, store: Store, keys: KeyRing, enrolments: Enrolments, reception: Reception) -> None:
        self._store = store
        self._keys = keys
        self._enrolments = enrolments
        self._reception = reception

    def open_file(self, file: bytes, account: str | None = None) -> OpenedFile:
        """Take a file as if its content had come over the network, and return what to hand back.

        A file that cannot be opened is `refused` with the reason `seal_invalid` and has no answer: it is not known
        what it was.
        """
        self._keys.check()
        try:
            content = open_sealed(file, self._keys.identity.sealing_keys)
        except SealInvalid:
            return OpenedFile("refused", None, "seal_invalid")
        opened = self._taken(content)
        note(self._store, "file_opened", account=account, subject=opened.shelter_id)
        return opened

    def _taken(self, content: Sealed) -> OpenedFile:
        match content:
            case SealedReport():
                return self._report(content)
            case SealedEnrolment(invitation, key):
                return self._word("enrolled", key.thumbprint(), self._enrolments.enrol(invitation, key))
            case SealedKeyChange(token):
                return self._word("key_changed", _about_change(token), self._enrolments.change_key(token))
            case SealedLeave(token):
                return self._left(token)

    def _report(self, sent: SealedReport) -> OpenedFile:
        delivery = Delivery(
            package=sent.package,
            token=sent.token,
            content_type=sent.content_type,
            digest=sent.digest,
            idempotency_key=sent.idempotency_key,
        )
        answer = self._reception.receive(delivery)
        # A number that is longer than any of ours is refused by the rules, and told in no answer.
        about = sent.idempotency_key if 0 < len(sent.idempotency_key) <= LONGEST_TEXT else "none"
        match answer:
            case Filed(receipt):
                told = FileAnswer("receipt", about, receipt=receipt, successions=self._successions())
                report = from_bytes(sent.package)
                return OpenedFile("filed", self._written(told), None, report.shelter, report.period, report.revision)
            case TurnedAway(reason, _, receipt):
                told = FileAnswer("receipt", about, receipt=receipt, reason=reason, successions=self._successions())
                return self._refused(sent, reason, told)

    def _refused(self, sent: SealedReport, reason: str, told: FileAnswer) -> OpenedFile:
        """Return a refusal; what it was about is told only where a key of a shelter that is known is named."""
        try:
            with self._store.read() as session:
                sender = find_sender(session, read_kid(sent.token))
            report = from_bytes(sent.package)
        except (SignatureInvalid, PayloadInvalid):
            return OpenedFile("refused", self._written(told), reason)
        is_theirs = sender is not None and sender.shelter_id == report.shelter and told.receipt is not None
        if not is_theirs:
            return OpenedFile("refused", self._written(told), reason)
        return OpenedFile("refused", self._written(told), reason, report.shelter, report.period, report.revision)

    def _word(self, kind: str, about: str, answer: EnrolmentWord | TurnedAway) -> OpenedFile:
        certificate, successions = self._keys.identity.certificate, self._successions()
        match answer:
            case EnrolmentWord(enrolment):
                told = FileAnswer(
                    "enrolment", about, enrolment=enrolment, certificate=certificate, successions=successions
                )
                return OpenedFile(kind, self._written(told))
            case TurnedAway(reason):
                told = FileAnswer("enrolment", about, reason=reason, successions=successions)
                return OpenedFile("refused", self._written(told), reason)

    def _left(self, token: str) -> OpenedFile:
        answer = self._enrolments.leave(token)
        reason = answer.reason if isinstance(answer, TurnedAway) else None
        told = FileAnswer("enrolment", _kid(token), reason=reason, successions=self._successions())
        if reason is not None:
            return OpenedFile("refused", self._written(told), reason)
        with self._store.read() as session:
            sender = find_sender(session, _kid(token))
        return OpenedFile("left", self._written(told), None, sender.shelter_id if sender else None)

    def _written(self, told: FileAnswer) -> bytes:
        """Return the answer with the capofila's word about its keys: so a new sealing key arrives with any answer."""
        return write_answer(replace(told, identity=self._keys.answer().identity))

    def _successions(self) -> tuple[str, ...]:
        with self._store.read() as session:
            return self._keys.successions(session)


def _kid(token: str) -> str:
    try:
        return read_kid(token)[:64]
    except SignatureInvalid:
        return "none"


def _about_change(token: str) -> str:
    """Return the thumbprint of the key that a change names, proved by nothing: it only says what is answered."""
    try:
        return PublicKey.from_jwk(peek(token)["key"]).thumbprint()
    except (SignatureInvalid, KeyInvalid, KeyError, TypeError):
        return "none"
