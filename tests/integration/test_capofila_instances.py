"""Two services on one PostgreSQL 15: whatever reaches which of them, a package is filed once and has one receipt."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import psycopg
import pytest

from app.capofila.account import SignedIn, code_at
from app.capofila.office import Limits, open_office
from app.capofila.server import Running, invite, received, running
from app.capofila.service import list_received
from app.capofila.store import open_store, utc_now
from app.sync.client import enrol
from app.sync.invitation import read_invitation
from app.sync.key import SigningKey
from app.sync.signature import CONTENT_TYPE, digest_header, read_kid
from tests.postgres import Postgres, is_installed, running_postgres
from tests.shelter import Shelter

pytestmark = pytest.mark.skipif(not is_installed(), reason="PostgreSQL 15 is not installed")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres("fsync=off") as server:
        yield server


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.new_database()


class Pair:
    """Two services and a connection to each."""

    def __init__(self, folder: Path, url: str, stack: ExitStack) -> None:
        self.folder, self.url = folder, url
        self.places: list[Running] = []
        self.links: list[httpx.Client] = []
        for _ in range(2):
            place = stack.enter_context(running(folder, url, limits=Limits()))
            context = ssl.create_default_context(cafile=str(place.identity.tls_file))
            self.places.append(place)
            self.links.append(stack.enter_context(httpx.Client(base_url=place.url, verify=context, timeout=30)))

    def shelter(self, at: int = 0) -> Shelter:
        key = SigningKey.generate()
        text = invite(self.folder, self.url, "Casa Aurora", self.places[at].url)
        word = enrol(read_invitation(text), key.public)
        return Shelter(word.shelter_id, word.capofila_id, key)

    def push(self, at: int, shelter: Shelter, package: bytes, jti: str, **changes: object) -> httpx.Response:
        headers = {
            "Content-Type": CONTENT_TYPE,
            "Agid-JWT-Signature": shelter.token(package, jti, **changes),
            "Digest": digest_header(package),
            "Idempotency-Key": jti,
        }
        return self.links[at % 2].post("/v1/reports", content=package, headers=headers)


@pytest.fixture
def pair(tmp_path: Path, url: str) -> Iterator[Pair]:
    with ExitStack() as stack:
        yield Pair(tmp_path, url, stack)


def test_one_package_at_both_at_once_is_filed_once_with_one_receipt(pair: Pair) -> None:
    shelter = pair.shelter()
    with ThreadPoolExecutor(8) as pool:
        for month in range(1, 5):
            package = shelter.package(f"2026-{month:02}")
            sent = [pool.submit(pair.push, n, shelter, package, f"jti-{month}-{n % 3}") for n in range(8)]
            answers = [each.result() for each in sent]
            assert {answer.status_code for answer in answers} == {200}
            assert len({answer.json()["receipt"] for answer in answers}) == 1
    assert len(received(pair.folder, pair.url)) == 4


def test_of_two_packages_for_one_month_one_is_filed_and_the_other_refused_with_proof(pair: Pair) -> None:
    shelter = pair.shelter()
    packages = [shelter.package(nights=341), shelter.package(nights=342)]
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(pair.push, n // 2, shelter, packages[n % 2], f"jti-{n % 2}") for n in range(8)]
        answers = [each.result() for each in sent]
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [409] * 4
    assert all(answer.json()["receipt"] for answer in answers)
    assert len(received(pair.folder, pair.url)) == 1


def test_an_enrolment_at_one_counts_at_the_other_and_so_does_a_revocation(pair: Pair) -> None:
    shelter = pair.shelter(at=0)
    assert pair.push(1, shelter, shelter.package(), "jti-1").status_code == 200
    with open_office(pair.folder, pair.url) as office:
        office.enrolments.revoke(shelter.id)
    for at in (0, 1):
        answer = pair.push(at, shelter, shelter.package("2026-07"), "jti-2")
        assert (answer.status_code, answer.json()["reason"]) == (403, "shelter_revoked")


def test_keys_that_were_renewed_count_at_both_at_once(pair: Pair) -> None:
    shelter = pair.shelter()
    with open_office(pair.folder, pair.url) as office:
        kid = office.keys.renew().key.public.thumbprint()
    for at in (0, 1):
        receipt = pair.push(at, shelter, shelter.package(f"2026-0{at + 1}"), f"jti-{at}").json()["receipt"]
        assert read_kid(receipt) == kid
        assert read_kid(pair.links[at].get("/v1/identity").json()["identity"]) == kid


def test_a_session_of_one_is_known_at_the_other(tmp_path: Path, url: str) -> None:
    with open_office(tmp_path, url) as one, open_office(tmp_path, url) as two:
        made = one.accounts.add("Lucia", "una parola lunga")
        signed_in = one.accounts.sign_in("Lucia", "una parola lunga", code_at(made.secret_base32, utc_now()))
        assert isinstance(signed_in, SignedIn)
        assert two.accounts.find(signed_in.token) == signed_in.account
        two.accounts.sign_out(signed_in.token)
        assert one.accounts.find(signed_in.token) is None


def test_a_database_that_went_away_is_trouble_that_passes(pair: Pair, postgres: Postgres) -> None:
    shelter = pair.shelter()
    package = shelter.package()
    first = pair.push(0, shelter, package, "jti-1").json()
    with psycopg.connect(f"host={postgres.folder} user=approdo dbname=postgres", autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'approdo-capofila'"
        )
    answers = [pair.push(at, shelter, package, "jti-1") for at in (0, 1, 0, 1)]
    assert {answer.status_code for answer in answers} <= {200, 503}
    assert answers[-1].json() == first
    assert pair.links[0].get("/health/ready").json()["database"] == "postgresql"


def test_a_lock_that_is_held_is_not_waited_for_without_end(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.capofila.store.LOCK_SECONDS", 0.2)
    with ExitStack() as stack:
        pair = Pair(tmp_path, url, stack)
        shelter = pair.shelter()
        store = open_store(url)
        with psycopg.connect(url) as holder:
            holder.execute("SELECT * FROM shelter FOR UPDATE")
            answer = pair.push(0, shelter, shelter.package(), "jti-1")
            assert (answer.status_code, answer.json()["reason"]) == (503, "store_unavailable")
        assert pair.push(1, shelter, shelter.package(), "jti-1").status_code == 200
        assert len(list_received(store)) == 1
        store.close()
