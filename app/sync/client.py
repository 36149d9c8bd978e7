"""The shelter's side of the wire: enrol once, then push packages; nothing is ever fetched but receipts.

It decides nothing: when to try again and what is green is for its caller (`settle`).
"""

from __future__ import annotations

import json
import re
import ssl
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from app.errors import CapofilaNotReached, CertificateMismatch, EnrolmentRefused, SignatureInvalid
from app.sync import exchange
from app.sync.exchange import Answer, Line, Timeouts, Why
from app.sync.invitation import Invitation, check_url
from app.sync.key import PublicKey, to_base64url
from app.sync.keychange import read_word
from app.sync.outcome import Accepted, Acknowledged, NotReached, Outcome, Problem, Refused
from app.sync.signature import CONTENT_TYPE, digest_header, read_kid

PROBLEM_TYPE = "application/problem+json"

_JSON = {"Content-Type": CONTENT_TYPE, "Accept": f"{CONTENT_TYPE}, {PROBLEM_TYPE}"}
PROBE = Timeouts(connect=4.0, total=8.0)

_CODE = re.compile(r"[a-z][a-z_]{1,39}")


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What the shelter keeps of its capofila; `key` is raw, `tls_pem` the pinned certificate or None.

    `successions` are its statements of how its keys follow one another, as far as it could be asked.
    """

    shelter_id: str
    shelter_name: str
    capofila_id: str
    capofila_name: str
    key: bytes
    url: str
    tls_pem: str | None
    seal_key: bytes | None = None
    successions: tuple[str, ...] = ()


def enrol(
    invitation: Invitation, public_key: PublicKey, *, timeouts: Timeouts | None = None, line: Line | None = None
) -> Enrolled:
    """Use an invitation: pin the server, hand over the public key, verify the capofila's signed word.

    If the answer is lost, the same invitation with the same key may be used again. Raises CapofilaNotReached,
    CertificateMismatch (before anything secret was sent), EnrolmentRefused and EnrolmentUnproven.
    """
    timeouts = timeouts or Timeouts()
    tls_pem = _pin(invitation, timeouts, line)
    wish = {"token": to_base64url(invitation.token), "public_key": public_key.to_jwk()}
    answer = exchange.ask(
        "POST",
        invitation.url + "/v1/enrolments",
        trust=_trust(tls_pem),
        timeouts=timeouts,
        headers=_JSON,
        content=json.dumps(wish).encode("ascii"),
        line=line,
    )
    document = _document(answer)
    refused = _problem(answer, document)
    if refused is not None:
        raise EnrolmentRefused(reason=refused.reason)
    if answer.status != 200:
        raise CapofilaNotReached(why="rubbish")
    told, pin = _word(document, "enrolment"), PublicKey(invitation.key)
    try:  # it has a new key since the invitation, or since what waits here was signed; it proves that it is the same
        successions = _successions(invitation.url, tls_pem, line)
    except CapofilaNotReached:
        if not _is_by(told, pin):
            raise
        successions = ()
    key, word = read_word(told, pin, successions, iss=invitation.capofila_id, shelter_key=public_key)
    return Enrolled(
        shelter_id=word.shelter,
        shelter_name=invitation.shelter_name,
        capofila_id=invitation.capofila_id,
        capofila_name=invitation.capofila_name,
        key=key.raw,
        url=invitation.url,
        tls_pem=tls_pem,
        seal_key=word.seal.raw if word.seal is not None else invitation.seal,
        successions=successions,
    )


class CapofilaClient:
    """Pushes packages to one capofila; one call is one attempt and one connection."""

    def __init__(
        self, url: str, tls_pem: str | None, timeouts: Timeouts | None = None, line: Line | None = None
    ) -> None:
        """Take the address and the pinned certificate (None: public authorities); raises AddressRefused."""
        self._url = check_url(url)
        self._tls_pem = tls_pem
        self._timeouts = timeouts or Timeouts()
        self._line = line

    def push(self, package: bytes, token: str, idempotency_key: str) -> Outcome:
        """Send one package with its token; never raises for the network, and may be repeated with the same bytes.

        `idempotency_key` is the token's `jti` (IETF draft-ietf-httpapi-idempotency-key-header).
        """
        try:
            answer = exchange.ask(
                "POST",
                self._url + "/v1/reports",
                trust=_trust(self._tls_pem),
                timeouts=self._timeouts,
                headers={
                    **_JSON,
                    "Digest": digest_header(package),
                    "Agid-JWT-Signature": token,
                    "Idempotency-Key": f'"{idempotency_key}"',
                },
                content=package,
                line=self._line,
            )
            document = _document(answer)
        except CapofilaNotReached as error:
            why: Why = error.params["why"]  # type: ignore[assignment]  # `ask` sets no other
            return NotReached(why)
        problem = _problem(answer, document)
        receipt = document.get("receipt")
        if problem is not None:
            return Refused(problem.reason, problem, receipt if type(receipt) is str else None)
        if answer.status == 200 and type(receipt) is str:
            return Accepted(receipt)
        if answer.status in (200, 202) and answer.content_type == CONTENT_TYPE:
            return Acknowledged()
        return NotReached("rubbish")


def answers(url: str, tls_pem: str | None, *, line: Line | None = None) -> bool:
    """Tell whether the capofila itself can be reached; asks its own address and says nothing of the shelter.

    A portal, a proxy that refuses or another certificate is a no. Never raises for the network.
    """
    try:
        answer = exchange.ask(
            "GET", check_url(url) + "/health/live", trust=_trust(tls_pem), timeouts=PROBE, headers=_JSON, line=line
        )
        return answer.status == 200 and _document(answer).get("status") == "ok"
    except CapofilaNotReached:
        return False


def fetch_identity(url: str, tls_pem: str | None, *, line: Line | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the capofila's statement of its keys and how they follow each other, unverified.

    Raises CapofilaNotReached and EnrolmentRefused, like the others below.
    """
    document = _told("GET", check_url(url) + "/v1/identity", None, tls_pem, line)
    successions = document.get("successions", [])
    if type(successions) is not list or not all(type(each) is str for each in successions):
        raise CapofilaNotReached(why="rubbish")
    return _word(document, "identity"), tuple(successions)


def renew_key(url: str, tls_pem: str | None, *, change: str, line: Line | None = None) -> str:
    """Hand in the change to a new key and return the new enrolment word, unverified."""
    return _word(_told("POST", check_url(url) + "/v1/keys", {"change": change}, tls_pem, line), "enrolment")


def leave(url: str, tls_pem: str | None, *, leave: str, line: Line | None = None) -> None:
    """Hand in that the shelter leaves."""
    _told("POST", check_url(url) + "/v1/leave", {"leave": leave}, tls_pem, line)


def _told(method: str, url: str, wish: dict[str, str] | None, tls_pem: str | None, line: Line | None) -> dict[str, Any]:
    """Ask for one document; whoever gives a reason refuses."""
    answer = exchange.ask(
        method,
        url,
        trust=_trust(tls_pem),
        timeouts=Timeouts(),
        headers=_JSON,
        content=json.dumps(wish).encode("ascii") if wish is not None else None,
        line=line,
    )
    document = _document(answer)
    refused = _problem(answer, document)
    if refused is not None:
        raise EnrolmentRefused(reason=refused.reason)
    if answer.status != 200:
        raise CapofilaNotReached(why="rubbish")
    return document


def _word(document: dict[str, Any], name: str) -> str:
    word = document.get(name)
    if type(word) is not str:
        raise CapofilaNotReached(why="rubbish")
    return word


def _successions(url: str, tls_pem: str | None, line: Line | None) -> tuple[str, ...]:
    """Return how the capofila's keys follow each other; nothing where somebody answers who cannot tell."""
    try:
        return fetch_identity(url, tls_pem, line=line)[1]
    except EnrolmentRefused:
        return ()
    except CapofilaNotReached as error:
        if error.params["why"] != "rubbish":
            raise
        return ()


def _is_by(word: str, key: PublicKey) -> bool:
    try:
        return read_kid(word) == key.thumbprint()
    except SignatureInvalid:
        return False


def _pin(invitation: Invitation, timeouts: Timeouts, line: Line | None) -> str | None:
    """Return the certificate to pin, fetched and compared; the question asked meanwhile says nothing."""
    if invitation.tls_fingerprint is None:
        return None
    look = exchange.ask(
        "GET", invitation.url + "/health/live", trust=exchange.nobody_yet(), timeouts=timeouts, line=line
    )
    if sha256(look.certificate).digest() != invitation.tls_fingerprint:
        raise CertificateMismatch
    return ssl.DER_cert_to_PEM_cert(look.certificate)


def _trust(tls_pem: str | None) -> ssl.SSLContext:
    return exchange.pinned(tls_pem) if tls_pem is not None else exchange.public_authorities()


def _document(answer: Answer) -> dict[str, Any]:
    """Return the JSON object of an answer; whoever answers otherwise is no capofila."""
    if answer.content_type not in (CONTENT_TYPE, PROBLEM_TYPE):
        raise CapofilaNotReached(why="rubbish")
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise CapofilaNotReached(why="rubbish") from None
    if type(document) is not dict:
        raise CapofilaNotReached(why="rubbish")
    return document


def _problem(answer: Answer, document: dict[str, Any]) -> Problem | None:
    """Return the problem (RFC 9457) that an answer tells, if it tells one of a capofila's."""
    reason = document.get("reason")
    if answer.content_type != PROBLEM_TYPE or type(reason) is not str or not _CODE.fullmatch(reason):
        return None
    return Problem(
        type=str(document.get("type", "about:blank"))[:200],
        title=str(document.get("title", ""))[:200],
        status=answer.status,
        reason=reason,
    )
