"""A capofila's rules over a real store for tests, with a clock that stands still and shelters that sign."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from app.capofila.answer import EnrolmentWord, TurnedAway
from app.capofila.office import Office, open_office
from app.sync.key import SigningKey
from app.sync.signature import verify_enrolment
from tests.fakes import FakeClock
from tests.shelter import Shelter

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
URL = "https://127.0.0.1:8443"


class Desk:
    """An office and what tests ask of it."""

    def __init__(self, office: Office, clock: FakeClock) -> None:
        self.office, self.clock = office, clock

    def shelter(self, name: str = "Casa Valtellina") -> Shelter:
        """Enrol a shelter as one does."""
        key = SigningKey.generate()
        invitation = self.office.enrolments.invite(shelter_name=name, url=URL, days_valid=14)
        return self.enrolled(invitation.token, key)

    def enrolled(self, token: bytes, key: SigningKey) -> Shelter:
        word = self.office.enrolments.enrol(token, key.public)
        assert isinstance(word, EnrolmentWord)
        identity = self.office.keys.identity
        shelter_id = verify_enrolment(
            word.enrolment, identity.key.public, iss=identity.capofila_id, shelter_key=key.public
        )
        return Shelter(shelter_id, identity.capofila_id, key)

    def refusal(self, answer: object) -> str:
        assert isinstance(answer, TurnedAway)
        return answer.reason


@contextmanager
def open_desk(folder: Path, url: str | None = None) -> Iterator[Desk]:
    clock = FakeClock(NOW)
    with open_office(folder, url, now=clock.now) as office:
        yield Desk(office, clock)
