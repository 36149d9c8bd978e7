"""A whole capofila for tests of files: what is carried to its desk and back. Nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.capofila.answer import EnrolmentWord
from app.capofila.office import Office, open_office
from app.reference.ids import HouseId
from app.services.register import Register
from app.sync.client import Enrolled
from app.sync.invitation import Invitation
from app.sync.key import PublicKey
from app.sync.signature import read_enrolment
from tests.ui.desk import HOUSE


class FileSide:
    """A capofila's office."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def invite(self, url: str = "https://capofila.example") -> Invitation:
        return self.office.enrolments.invite(
            shelter_name="Casa di prova", url=url, days_valid=9, pins_certificate=False
        )

    def enrol(self, register: Register, house: HouseId = HOUSE) -> None:
        """Enrol a house as over the network."""
        invitation = self.invite()
        pending = register.enrolments.begin(house, invitation.to_text())
        word = self.office.enrolments.enrol(invitation.token, pending.public_key)
        assert isinstance(word, EnrolmentWord)
        key = PublicKey(invitation.key)
        read = read_enrolment(word.enrolment, key, iss=invitation.capofila_id, shelter_key=pending.public_key)
        register.enrolments.complete(
            pending,
            Enrolled(
                read.shelter,
                "Casa di prova",
                invitation.capofila_id,
                invitation.capofila_name,
                invitation.key,
                invitation.url,
                None,
                read.seal.raw if read.seal is not None else invitation.seal,
            ),
        )

    def answer(self, file: Path) -> Path:
        """Carry a file to the desk, and its answer back to the same folder."""
        content = self.office.files.open_file(file.read_bytes()).content
        assert content is not None
        answer = file.with_name(f"{file.stem}-ricevuta.approdo")
        answer.write_bytes(content)
        return answer


@contextmanager
def file_side(folder: Path) -> Iterator[FileSide]:
    with open_office(folder, name="Comune capofila") as office:
        yield FileSide(office)
