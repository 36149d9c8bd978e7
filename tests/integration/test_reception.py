"""The rules of the capofila, without a wire: whom it believes, what it files, what it never does.

They run on SQLite; APPRODO_TEST_DATABASE=postgresql://… runs the same tests on a database that may be emptied.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy
from cryptography import x509

from app.capofila.answer import EnrolmentWord, Filed, TurnedAway
from app.capofila.enrolment import Enrolments
from app.capofila.key import open_identity
from app.capofila.server import invite
from app.capofila.service import Delivery, Reception, list_received
from app.capofila.store import SCHEMA_VERSION, Base, Store, default_url, open_store
from app.errors import CapofilaStoreTooNew, HostNotInCertificate, NotFound
from app.sync.invitation import read_invitation
from app.sync.key import SigningKey
from app.sync.payload import from_bytes
from app.sync.signature import digest_header, verify_enrolment
from tests.fakes import FakeClock
from tests.shelter import Shelter

T = TypeVar("T")
NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


def database_url(folder: Path) -> str:
    return os.environ.get("APPRODO_TEST_DATABASE") or default_url(folder)


def emptied(url: str) -> None:
    """Make a database that other tests have used as good as new."""
    if not url.startswith("sqlite"):
        engine = sqlalchemy.create_engine(url)
        Base.metadata.drop_all(engine)
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text("DROP TABLE IF EXISTS alembic_version"))
        engine.dispose()


class Desk:
    """The two sets of rules over one store, with a clock that stands still."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.store = store
        self.clock = FakeClock(NOW)
        self.identity = open_identity(folder)
        self.enrolments = Enrolments(store, self.identity, self.clock.now)
        self.reception = Reception(store, self.identity, self.clock.now)

    def invitation_token(self) -> bytes:
        return self.enrolments.invite(
            shelter_name="Casa Valtellina", url="https://127.0.0.1:8443", days_valid=14, province="SO"
        ).token

    def shelter(self) -> Shelter:
        key = SigningKey.generate()
        word = self.enrolments.enrol(self.invitation_token(), key.public)
        assert isinstance(word, EnrolmentWord)
        name = self.identity.capofila_id
        return Shelter(
            verify_enrolment(word.enrolment, self.identity.key.public, iss=name, shelter_key=key.public), name, key
        )

    def refusal(self, delivery: Delivery) -> str:
        answer = self.reception.receive(delivery)
        assert isinstance(answer, TurnedAway)
        return answer.reason


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    url = database_url(tmp_path)
    emptied(url)
    store = open_store(url)
    yield Desk(tmp_path, store)
    store.close()


def test_a_revision_is_filed_once_in_whatever_order_they_come(desk: Desk) -> None:
    shelter, receipts = desk.shelter(), {}
    for revision in (2, 5, 1):
        answer = desk.reception.receive(shelter.delivery(shelter.package(revision=revision), f"jti-{revision}"))
        assert isinstance(answer, Filed)
        receipts[revision] = answer.receipt
        desk.clock.advance(timedelta(days=1))
    again = desk.reception.receive(shelter.delivery(shelter.package(revision=2), "jti-6"))
    assert again == Filed(receipts[2])
    assert desk.refusal(shelter.delivery(shelter.package(revision=2, nights=350), "jti-7")) == "revision_conflict"
    other_month = desk.reception.receive(shelter.delivery(shelter.package("2026-07", revision=3), "jti-8"))
    assert isinstance(other_month, Filed)
    listed = [(entry.report.period, entry.report.revision) for entry in list_received(desk.store)]
    assert listed == [("2026-06", 1), ("2026-06", 2), ("2026-06", 5), ("2026-07", 3)]  # the last of a month counts


def test_only_the_enrolled_key_over_these_very_bytes_is_believed(desk: Desk) -> None:
    shelter, stranger = desk.shelter(), SigningKey.generate()
    package, other = shelter.package(), shelter.package(nights=999)
    good = shelter.delivery(package)
    assert desk.refusal(shelter.delivery(package, key=stranger)) == "shelter_unknown"
    assert desk.refusal(shelter.delivery(package, aud="another-capofila")) == "audience_wrong"
    assert desk.refusal(shelter.delivery(package, iss="another-shelter")) == "issuer_wrong"
    assert desk.refusal(replace(good, package=other, digest=digest_header(other))) == "digest_mismatch"
    assert desk.refusal(replace(good, package=other)) == "digest_mismatch"
    assert desk.refusal(replace(good, token=good.token[:-8] + "AAAAAAAA")) == "signature_invalid"
    assert desk.refusal(replace(good, token="rubbish")) == "signature_invalid"
    assert desk.refusal(replace(good, content_type="text/plain")) == "content_type_wrong"
    assert desk.reception.receive(good) == desk.reception.receive(good)


def test_a_shelter_cannot_speak_for_another(desk: Desk) -> None:
    one, two = desk.shelter(), desk.shelter()
    package = two.package()
    assert desk.refusal(one.delivery(package)) == "shelter_mismatch"
    assert desk.refusal(one.delivery(package, iss=two.id)) == "issuer_wrong"
    assert isinstance(desk.reception.receive(two.delivery(package)), Filed)


def test_a_package_outside_the_agreed_form_is_refused_although_it_is_signed(desk: Desk) -> None:
    shelter = desk.shelter()
    package = shelter.package().replace(b'"period"', b'"person"')
    answer = desk.reception.receive(shelter.delivery(package))
    assert answer == TurnedAway("payload_invalid", "fields")
    assert desk.refusal(shelter.delivery(b"{}")) == "payload_invalid"


def test_a_sending_number_belongs_to_one_package(desk: Desk) -> None:
    shelter = desk.shelter()
    first, second = shelter.package(), shelter.package(revision=2)
    assert desk.refusal(replace(shelter.delivery(first), idempotency_key="another")) == "idempotency_key_reused"
    assert desk.refusal(replace(shelter.delivery(first), idempotency_key="")) == "idempotency_key_missing"
    assert isinstance(desk.reception.receive(shelter.delivery(first)), Filed)
    assert desk.refusal(shelter.delivery(second)) == "idempotency_key_reused"
    assert isinstance(desk.reception.receive(shelter.delivery(second, "jti-2")), Filed)


def test_a_revoked_shelter_is_heard_no_more(desk: Desk) -> None:
    shelter = desk.shelter()
    desk.enrolments.revoke(shelter.id)
    assert desk.refusal(shelter.delivery(shelter.package())) == "shelter_revoked"
    with pytest.raises(NotFound):
        desk.enrolments.revoke("nobody")


def test_an_invitation_expires(desk: Desk) -> None:
    token, key = desk.invitation_token(), SigningKey.generate().public
    desk.clock.advance(timedelta(days=14))
    assert desk.enrolments.enrol(token, key) == TurnedAway("invitation_expired")


def test_a_key_belongs_to_one_shelter(desk: Desk) -> None:
    key = SigningKey.generate().public
    assert isinstance(desk.enrolments.enrol(desk.invitation_token(), key), EnrolmentWord)
    assert desk.enrolments.enrol(desk.invitation_token(), key) == TurnedAway("key_taken")


def test_what_was_filed_can_be_listed_every_revision(desk: Desk) -> None:
    shelter = desk.shelter()
    packages = [shelter.package("2026-06"), shelter.package("2026-06", 2, nights=350), shelter.package("2026-07")]
    for n, package in enumerate(packages):
        desk.reception.receive(shelter.delivery(package, f"jti-{n}"))
    listed = list_received(desk.store)
    assert [entry.report for entry in listed] == [from_bytes(package) for package in packages]
    assert {(entry.shelter_id, entry.shelter_name, entry.received_at) for entry in listed} == {
        (shelter.id, "Casa Valtellina", NOW)
    }


def all_at_once(work: Callable[[int], T], times: int = 6) -> list[T]:
    gate = threading.Barrier(times)

    def start(n: int) -> T:
        gate.wait()
        return work(n)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(start, range(times)))


@pytest.mark.parametrize("has_one_number", [True, False])
def test_identical_packages_at_once_make_one_row_and_one_receipt(desk: Desk, has_one_number: bool) -> None:
    shelter = desk.shelter()
    for month in range(1, 7):
        package = shelter.package(f"2026-{month:02}")
        deliveries = [shelter.delivery(package, f"jti-{month}-{0 if has_one_number else n}") for n in range(6)]
        answers = all_at_once(lambda n, sent=deliveries: desk.reception.receive(sent[n]))  # type: ignore[misc]  # a default
        assert len(set(answers)) == 1
        assert isinstance(answers[0], Filed)
    assert len(list_received(desk.store)) == 6


def test_of_different_packages_at_once_one_is_filed(desk: Desk) -> None:
    shelter = desk.shelter()
    deliveries = [shelter.delivery(shelter.package(nights=341 + n), f"jti-{n}") for n in range(6)]
    answers = all_at_once(lambda n: desk.reception.receive(deliveries[n]))
    reasons = sorted(answer.reason for answer in answers if isinstance(answer, TurnedAway))
    assert reasons == ["revision_conflict"] * 5
    assert len(list_received(desk.store)) == 1


def test_of_many_keys_at_once_one_is_enrolled(desk: Desk) -> None:
    token = desk.invitation_token()
    answers = all_at_once(lambda _: desk.enrolments.enrol(token, SigningKey.generate().public))
    assert len([answer for answer in answers if isinstance(answer, EnrolmentWord)]) == 1
    assert answers.count(TurnedAway("invitation_used")) == 5


def test_one_key_asking_many_times_at_once_is_one_shelter(desk: Desk) -> None:
    token, key = desk.invitation_token(), SigningKey.generate().public
    answers = all_at_once(lambda _: desk.enrolments.enrol(token, key))
    assert all(isinstance(answer, EnrolmentWord) for answer in answers)


def test_one_key_with_many_invitations_at_once_is_one_shelter(desk: Desk) -> None:
    tokens, key = [desk.invitation_token() for _ in range(6)], SigningKey.generate().public
    answers = all_at_once(lambda n: desk.enrolments.enrol(tokens[n], key))
    assert len([answer for answer in answers if isinstance(answer, EnrolmentWord)]) == 1
    assert answers.count(TurnedAway("key_taken")) == 5


def test_the_token_of_an_invitation_is_not_in_the_store(desk: Desk, tmp_path: Path) -> None:
    token = desk.invitation_token()
    for file in tmp_path.iterdir():
        assert token not in file.read_bytes()
        assert token.hex().encode() not in file.read_bytes()


def test_keys_and_store_are_readable_by_their_owner_only(desk: Desk, tmp_path: Path) -> None:
    desk.invitation_token()
    names = {file.name for file in tmp_path.iterdir()}
    assert {"capofila.json", "signing.pem", "tls.pem"} <= names
    for file in tmp_path.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_the_identity_stays_the_same(tmp_path: Path) -> None:
    first = open_identity(tmp_path, name="Comune capofila", hosts=["capofila.example.org"])
    again = open_identity(tmp_path, name="Another", hosts=["another.example.org"])
    assert (again.capofila_id, again.name) == (first.capofila_id, "Comune capofila")
    assert again.key.public == first.key.public
    assert again.tls_fingerprint == first.tls_fingerprint
    assert again.hosts == ("localhost", "127.0.0.1", "::1", "capofila.example.org")


def test_the_certificate_signs_no_other(tmp_path: Path) -> None:
    certificate = x509.load_pem_x509_certificate(open_identity(tmp_path).tls_file.read_bytes())
    assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False


def test_an_invitation_names_only_what_the_certificate_covers(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(HostNotInCertificate):
        desk.enrolments.invite(shelter_name="Casa Aurora", url="https://other.example.org", days_valid=1)
    text = invite(tmp_path, None, "Casa Aurora", "https://other.example.org", pins_certificate=False)
    assert read_invitation(text).tls_fingerprint is None
    assert read_invitation(invite(tmp_path / "new", None, "Casa Aurora", "https://other.example.org")).tls_fingerprint


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    url = database_url(tmp_path)
    emptied(url)
    open_store(url).close()
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("UPDATE schema_version SET version = :v"), {"v": SCHEMA_VERSION + 1})
    engine.dispose()
    with pytest.raises(CapofilaStoreTooNew):
        open_store(url)
    emptied(url)
