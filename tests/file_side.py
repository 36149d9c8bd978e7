"""A register and a capofila that have no network between them, for tests of files; nothing here is a fake."""

from __future__ import annotations

from app.capofila.office import Office
from app.capofila.service import Delivery, list_received
from app.reference.ids import OutboxId
from app.services.outbox import Parcel
from app.services.register import Register
from app.services.sealed_file import SealedFile, Taken
from app.sync.file_answer import FileAnswer, write_answer
from app.sync.key import SigningKey
from app.sync.outcome import Accepted, Problem, Refused, Verdict, settle
from app.sync.payload import digest, from_bytes
from app.sync.signature import CONTENT_TYPE, digest_header, make_receipt
from tests.ui.desk import HOUSE, MAY

URL = "https://127.0.0.1:8443"


class Side:
    """A register and a capofila that have no network between them, only files; `push` is there where one is wanted."""

    def __init__(self, register: Register, office: Office) -> None:
        self.register, self.office = register, office

    def invitation(self) -> str:
        return self.office.enrolments.invite(shelter_name="Casa di prova", url=URL, days_valid=14).to_text()

    def enrol(self) -> Taken:
        request = self.register.sealed_files.enrolment_request(HOUSE, self.invitation())
        return self.register.sealed_files.take(self.answer(request.content))

    def answer(self, file: bytes) -> bytes:
        opened = self.office.files.open_file(file)
        assert opened.content is not None, opened
        return opened.content

    def release(self) -> OutboxId:
        outbox = self.register.outbox
        return outbox.release(HOUSE, MAY, outbox.preview(HOUSE, MAY).sha256)

    def release_again(self) -> OutboxId:
        self.register.months.reopen(HOUSE, MAY, "una notte")
        self.register.months.close(HOUSE, MAY)
        return self.release()

    def push(self, parcel: Parcel) -> Verdict:
        delivery = Delivery(
            parcel.package, parcel.token, CONTENT_TYPE, digest_header(parcel.package), parcel.idempotency_key
        )
        answer = self.office.reception.receive(delivery)
        outcome = (
            Accepted(answer.receipt)
            if not hasattr(answer, "reason")
            else Refused(answer.reason, Problem("about:blank", "", 403, answer.reason), answer.receipt)
        )
        verdict = settle(outcome, pinned_key=parcel.capofila_key, later_keys=parcel.later_keys, package=parcel.package)
        self.register.outbox.file(parcel.id, verdict)
        return verdict

    def state(self) -> str:
        return self.register.outbox.list_rows()[0].state

    def filed(self) -> list[tuple[str, int]]:
        return [(each.report.period, each.report.revision) for each in list_received(self.office.store)]


def hand_over(register: Register, item: OutboxId) -> SealedFile:
    """Seal a report and note that its file lies in its place."""
    file = register.sealed_files.seal_report(item)
    register.sealed_files.note_handed_over(item)
    return file


def receipt_of(side: Side, key: SigningKey, parcel: Parcel, **changes: object) -> bytes:
    report = from_bytes(parcel.package)
    told = {
        "iss": side.office.keys.identity.capofila_id,
        "shelter": report.shelter,
        "period": report.period,
        "revision": report.revision,
        "sha256": digest(parcel.package),
        "trail": report.trail,
        "iat": 1,
        "jti": "r",
        **changes,
    }
    return write_answer(FileAnswer("receipt", parcel.idempotency_key, receipt=make_receipt(key, **told)))  # type: ignore[arg-type]
