"""From an invitation to a verified receipt over real HTTPS, and everything that a capofila must turn away."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app.capofila.api import LARGEST_BODY, STATUSES, create_app
from app.capofila.key import open_identity
from app.capofila.schema import MonthPackage
from app.capofila.server import Running, invite, received, running
from app.errors import (
    AddressRefused,
    CapofilaNotReached,
    CertificateMismatch,
    EnrolmentRefused,
    EnrolmentUnproven,
)
from app.sync.client import CapofilaClient, Enrolled, enrol
from app.sync.invitation import read_invitation
from app.sync.key import PublicKey, SigningKey
from app.sync.outcome import REFUSALS, Accepted, Declined, Delivered, NotReached, Refused, Waiting, settle
from app.sync.payload import from_bytes
from app.sync.signature import CONTENT_TYPE, digest_header
from tests.bad_server import certificate
from tests.shelter import Shelter


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("capofila")


@pytest.fixture(scope="module")
def capofila(folder: Path) -> Iterator[Running]:
    """A real capofila on loopback; asked once, so that its worker thread belongs to no single test."""
    with running(folder, name="Comune capofila") as started:
        context = ssl.create_default_context(cafile=str(started.identity.tls_file))
        assert httpx.get(f"{started.url}/health/ready", verify=context).json()["status"] == "ok"
        yield started


@pytest.fixture
def http(capofila: Running) -> Iterator[httpx.Client]:
    """A client that is not Approdo's."""
    context = ssl.create_default_context(cafile=str(capofila.identity.tls_file))
    with httpx.Client(base_url=capofila.url, verify=context) as client:
        yield client


@pytest.fixture
def key() -> SigningKey:
    return SigningKey.generate()


@pytest.fixture
def enrolled(capofila: Running, folder: Path, key: SigningKey) -> Enrolled:
    return enrol(read_invitation(invite(folder, None, "Casa Aurora", capofila.url)), key.public)


@pytest.fixture
def shelter(enrolled: Enrolled, key: SigningKey) -> Shelter:
    return Shelter(enrolled.shelter_id, enrolled.capofila_id, key)


@pytest.fixture
def client(enrolled: Enrolled) -> CapofilaClient:
    return CapofilaClient(enrolled.url, enrolled.tls_pem)


def test_a_report_goes_out_and_its_receipt_proves_it(
    client: CapofilaClient, shelter: Shelter, enrolled: Enrolled, folder: Path
) -> None:
    package = shelter.package()
    outcome = client.push(package, shelter.token(package), "jti-1")
    verdict = settle(outcome, pinned_key=PublicKey(enrolled.key), package=package)
    assert isinstance(verdict, Delivered)
    assert verdict.receipt.shelter == enrolled.shelter_id
    (filed,) = [report for report in received(folder) if report.shelter_id == enrolled.shelter_id]
    assert filed.report == from_bytes(package)
    assert filed.shelter_name == "Casa Aurora"
    assert filed.received_at.utcoffset() == timedelta(0)


def test_the_same_package_again_brings_back_the_same_receipt(client: CapofilaClient, shelter: Shelter) -> None:
    package = shelter.package()
    first = client.push(package, shelter.token(package), "jti-1")
    again = client.push(package, shelter.token(package), "jti-1")
    anew = client.push(package, shelter.token(package, "jti-2", iat=2), "jti-2")
    assert isinstance(first, Accepted)
    assert first == again == anew


def test_another_package_under_the_same_revision_is_refused_and_the_refusal_is_proved(
    client: CapofilaClient, shelter: Shelter, enrolled: Enrolled
) -> None:
    package, other = shelter.package(), shelter.package(nights=342)
    assert isinstance(client.push(package, shelter.token(package), "jti-1"), Accepted)
    outcome = client.push(other, shelter.token(other, "jti-2"), "jti-2")
    assert isinstance(outcome, Refused)
    assert outcome.problem.status == 409
    verdict = settle(outcome, pinned_key=PublicKey(enrolled.key), package=other)
    assert isinstance(verdict, Declined)
    assert verdict.reason == "revision_conflict"
    assert verdict.receipt is not None


def test_a_certificate_that_was_not_pinned_is_not_trusted(capofila: Running, shelter: Shelter, tmp_path: Path) -> None:
    package = shelter.package()
    token = shelter.token(package)
    assert CapofilaClient(capofila.url, None).push(package, token, "jti-1") == NotReached("tls_untrusted")
    other = open_identity(tmp_path / "other").tls_file.read_text()
    pem = other[other.index("-----BEGIN CERTIFICATE") :]
    outcome = CapofilaClient(capofila.url, pem).push(package, token, "jti-1")
    assert settle(outcome, pinned_key=shelter.key.public, package=package) == Waiting("tls_untrusted")


def test_plain_http_is_never_used() -> None:
    with pytest.raises(AddressRefused):
        CapofilaClient("http://127.0.0.1", None)


def test_an_invitation_serves_one_key_and_that_key_again(capofila: Running, folder: Path, key: SigningKey) -> None:
    invitation = read_invitation(invite(folder, None, "Casa Ginestra", capofila.url))
    first = enrol(invitation, key.public)
    assert enrol(invitation, key.public) == first
    with pytest.raises(EnrolmentRefused) as caught:
        enrol(invitation, SigningKey.generate().public)
    assert caught.value.params["reason"] == "invitation_used"


def test_an_invitation_of_another_capofila_is_not_answered(
    capofila: Running, folder: Path, tmp_path: Path, key: SigningKey
) -> None:
    good = read_invitation(invite(folder, None, "Il Ponte", capofila.url))
    with pytest.raises(CertificateMismatch):
        enrol(replace(good, tls_fingerprint=bytes(32)), key.public)
    with pytest.raises(CapofilaNotReached):
        enrol(replace(good, tls_fingerprint=None), key.public)
    with pytest.raises(EnrolmentUnproven):
        enrol(replace(good, key=SigningKey.generate().public.raw), key.public)


def test_a_request_without_the_right_headers_is_a_problem_document(http: httpx.Client, shelter: Shelter) -> None:
    package = shelter.package()
    headers = {
        "Content-Type": CONTENT_TYPE,
        "Agid-JWT-Signature": shelter.token(package),
        "Digest": digest_header(package),
        "Idempotency-Key": "jti-1",
    }
    for name, reason in (
        ("Content-Type", "content_type_wrong"),
        ("Agid-JWT-Signature", "signature_missing"),
        ("Digest", "digest_mismatch"),
        ("Idempotency-Key", "idempotency_key_missing"),
    ):
        rest = {key: value for key, value in headers.items() if key != name}
        answer = http.post("/v1/reports", content=package, headers=rest)
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert (problem["reason"], problem["status"]) == (reason, answer.status_code)
        assert problem["type"] == f"urn:approdo:problem:{reason.replace('_', '-')}"
    assert http.post("/v1/reports", content=package, headers=headers).status_code == 200


def test_a_body_is_read_no_further_than_it_may_go(http: httpx.Client) -> None:
    for path in ("/v1/reports", "/v1/enrolments"):
        assert http.post(path, content=b"x" * (LARGEST_BODY + 1)).status_code == 413
        pieces = (b"x" * 1024 for _ in range(LARGEST_BODY // 1024 + 1))  # no length is announced
        assert http.post(path, content=pieces).json()["reason"] == "too_large"


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"[" * 9000, b'{"token":"x","public_key":{}}', b'{"token":1}', b"\xff"],
)
def test_an_enrolment_that_makes_no_sense_is_refused_without_repeating_it(http: httpx.Client, body: bytes) -> None:
    answer = http.post("/v1/enrolments", content=body)
    assert answer.json()["reason"] == "request_invalid"
    assert set(answer.json()) == {"type", "title", "status", "reason"}


def test_a_key_that_is_none_is_refused(http: httpx.Client) -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "A" * 42 + "B"}
    assert http.post("/v1/enrolments", json={"token": "A" * 43, "public_key": jwk}).json()["reason"] == "key_invalid"


def test_an_unknown_invitation_is_refused(http: httpx.Client) -> None:
    wish = {"token": "A" * 43, "public_key": SigningKey.generate().public.to_jwk()}
    assert http.post("/v1/enrolments", json=wish).json()["reason"] == "invitation_unknown"


def test_an_unknown_place_or_method_is_a_problem_document_too(http: httpx.Client) -> None:
    for answer, status in ((http.get("/nowhere"), 404), (http.get("/v1/reports"), 405), (http.get("/docs"), 404)):
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_description_is_served_and_true(http: httpx.Client, shelter: Shelter) -> None:
    document = http.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    post = document["paths"]["/v1/reports"]["post"]
    body = post["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/MonthPackage"}
    assert {p["name"] for p in post["parameters"]} == {"Agid-JWT-Signature", "Digest", "Idempotency-Key"}
    named = set(document["components"]["schemas"])
    used = {text.split('"')[0] for text in json.dumps(document).split("#/components/schemas/")[1:]}
    assert used <= named
    MonthPackage.model_validate_json(shelter.package())


def test_no_log_line_repeats_what_came(
    client: CapofilaClient, shelter: Shelter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    package = shelter.package()
    client.push(package, shelter.token(package), "jti-canary")
    client.push(package[:-1] + b" ", shelter.token(package), "jti-canary")
    told = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(("app", "uvicorn")))
    for secret in (shelter.id, "jti-canary", "M07", "2026-06", shelter.token(package)):
        assert secret not in told


def test_a_store_that_fails_is_trouble_and_no_refusal(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with running(tmp_path) as broken:
        context = ssl.create_default_context(cafile=str(broken.identity.tls_file))
        with sqlite3.connect(tmp_path / "capofila.db") as database:
            database.execute("DROP TABLE report")
            database.execute("DROP TABLE invitation")
            database.execute("DROP TABLE shelter")
        database.close()
        shelter = Shelter("CANARY", broken.identity.capofila_id, SigningKey.generate())
        package = shelter.package()
        outcome = CapofilaClient(broken.url, certificate(broken.identity)).push(
            package, shelter.token(package), "jti-1"
        )
        assert outcome == NotReached("busy")
        wish = {"token": "A" * 43, "public_key": shelter.key.public.to_jwk()}
        answer = httpx.post(f"{broken.url}/v1/enrolments", json=wish, verify=context)
    assert (answer.status_code, answer.json()["reason"]) == (503, "store_unavailable")
    told = caplog.text
    assert "store_unavailable" in told
    for secret in ("CANARY", "A" * 43, shelter.key.public.thumbprint()):
        assert secret not in told


def test_a_fault_of_its_own_is_told_without_its_inside() -> None:
    app = create_app(None)  # type: ignore[arg-type]  # rules that are not there at all

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="https://capofila") as client:
            return await client.get("/health/ready")

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.json()["reason"]) == (500, "fault")
    assert set(answer.json()) == {"type", "title", "status", "reason"}


def test_the_server_stops_cleanly_when_it_is_told_to(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from app.capofila.server import serve; "
        "serve(pathlib.Path(sys.argv[1]), None, '127.0.0.1', 0, lambda port: print(port, flush=True))"
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        with subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert int(process.stdout.readline()) > 0
            process.send_signal(number)
            assert process.wait(20) == 0
            assert process.stderr.read() == ""


def test_every_reason_has_a_status() -> None:
    assert set(STATUSES) == set(REFUSALS)
