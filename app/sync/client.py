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

from app.errors import CapofilaNotReached, CertificateMismatch, EnrolmentRefused
from app.sync import exchange
from app.sync.exchange import Answer, Timeouts, Why
from app.sync.invitation import Invitation, check_url
from app.sync.key import PublicKey, to_base64url
from app.sync.outcome import Accepted, NotReached, Outcome, Problem, Refused
from app.sync.signature import CONTENT_TYPE, digest_header, verify_enrolment

PROBLEM_TYPE = "application/problem+json"

_JSON = {"Content-Type": CONTENT_TYPE, "Accept": f"{CONTENT_TYPE}, {PROBLEM_TYPE}"}
_CODE = re.compile(r"[a-z][a-z_]{1,39}")


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What the shelter keeps of its capofila; `key` is raw, `tls_pem` the pinned certificate or None."""

    shelter_id: str
    shelter_name: str
    capofila_id: str
    capofila_name: str
    key: bytes
    url: str
    tls_pem: str | None


def enrol(invitation: Invitation, public_key: PublicKey, *, timeouts: Timeouts | None = None) -> Enrolled:
    """Use an invitation: pin the server, hand over the public key, verify the capofila's signed word.

    If the answer is lost, the same invitation with the same key may be used again. Raises CapofilaNotReached,
    CertificateMismatch (before anything secret was sent), EnrolmentRefused and EnrolmentUnproven.
    """
    timeouts = timeouts or Timeouts()
    tls_pem = _pin(invitation, timeouts)
    wish = {"token": to_base64url(invitation.token), "public_key": public_key.to_jwk()}
    answer = exchange.ask(
        "POST",
        invitation.url + "/v1/enrolments",
        trust=_trust(tls_pem),
        timeouts=timeouts,
        headers=_JSON,
        content=json.dumps(wish).encode("ascii"),
    )
    document = _document(answer)
    refused = _problem(answer, document)
    if refused is not None:
        raise EnrolmentRefused(reason=refused.reason)
    word = document.get("enrolment")
    if answer.status != 200 or type(word) is not str:
        raise CapofilaNotReached(why="rubbish")
    shelter_id = verify_enrolment(word, PublicKey(invitation.key), iss=invitation.capofila_id, shelter_key=public_key)
    return Enrolled(
        shelter_id=shelter_id,
        shelter_name=invitation.shelter_name,
        capofila_id=invitation.capofila_id,
        capofila_name=invitation.capofila_name,
        key=invitation.key,
        url=invitation.url,
        tls_pem=tls_pem,
    )


class CapofilaClient:
    """Pushes packages to one capofila; one call is one attempt and one connection."""

    def __init__(self, url: str, tls_pem: str | None, timeouts: Timeouts | None = None) -> None:
        """Take the address and the pinned certificate (None: public authorities); raises AddressRefused."""
        self._url = check_url(url)
        self._tls_pem = tls_pem
        self._timeouts = timeouts or Timeouts()

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
        return NotReached("rubbish")


def _pin(invitation: Invitation, timeouts: Timeouts) -> str | None:
    """Return the certificate to pin, fetched and compared; the question asked meanwhile says nothing."""
    if invitation.tls_fingerprint is None:
        return None
    look = exchange.ask("GET", invitation.url + "/health/live", trust=exchange.nobody_yet(), timeouts=timeouts)
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
