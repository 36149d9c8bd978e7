"""What became of a report: what the network said (an outcome) and what that is worth (a verdict).

Green is one type only, `Delivered`, and only a verified receipt makes one.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import ReceiptInvalid
from app.sync.exchange import Why
from app.sync.key import PublicKey
from app.sync.payload import digest, from_bytes
from app.sync.signature import Receipt, verify_receipt

REFUSALS = (
    "content_type_wrong", "digest_mismatch", "idempotency_key_missing", "idempotency_key_reused", "invitation_expired",
    "invitation_unknown", "invitation_used", "key_invalid", "key_taken", "payload_invalid", "request_invalid",
    "revision_conflict", "shelter_mismatch", "shelter_revoked", "shelter_unknown", "signature_invalid",
    "signature_missing", "too_large", "audience_wrong", "issuer_wrong",
)  # fmt: skip
"""Why a capofila refuses; each has a sentence `error.refused_<reason>`. A newer capofila may know more."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem document (RFC 9457) as far as Approdo reads it; `title` is for the support desk, in English."""

    type: str
    title: str
    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A server says that it filed the report; nothing is proved yet."""

    receipt_jws: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A server refuses the report; `receipt_jws` may prove that the capofila itself does."""

    reason: str
    problem: Problem
    receipt_jws: str | None


@dataclass(frozen=True, slots=True)
class NotReached:
    """Nobody answered as a capofila does; the report can be sent again as it is."""

    why: Why


Outcome = Accepted | Refused | NotReached


@dataclass(frozen=True, slots=True)
class Delivered:
    """The capofila's receipt proves that it filed this very package: the only green there is."""

    receipt: Receipt
    receipt_jws: str


@dataclass(frozen=True, slots=True)
class Declined:
    """The package was refused; with a receipt it is proved that the capofila did it, without one it is only said."""

    reason: str
    receipt: Receipt | None

    @property
    def text_key(self) -> str:
        """The sentence that explains it; it may use `reason`."""
        return refusal_key(self.reason)


@dataclass(frozen=True, slots=True)
class Unproven:
    """Somebody says "filed" and cannot prove it; `reason` is that of ReceiptInvalid. The package is sent again."""

    reason: str

    @property
    def text_key(self) -> str:
        """The sentence that explains it; it uses `reason`."""
        return ReceiptInvalid.key


@dataclass(frozen=True, slots=True)
class Waiting:
    """The package has not arrived, as far as is known; it is sent again."""

    why: Why

    @property
    def text_key(self) -> str:
        """The sentence that explains it."""
        return f"error.not_reached_{self.why}"


Verdict = Delivered | Declined | Unproven | Waiting


def refusal_key(reason: str) -> str:
    """Return the key of the sentence for a refusal; `error.refused_other` when a newer capofila gives a new reason."""
    return f"error.refused_{reason if reason in REFUSALS else 'other'}"


def settle(outcome: Outcome, *, pinned_key: PublicKey, package: bytes) -> Verdict:
    """Return what an outcome is worth for this package, by the capofila's key that was pinned at enrolment.

    A signed receipt outweighs what the answer around it says. Raises PayloadInvalid when `package` is no report.
    """
    match outcome:
        case NotReached(why):
            return Waiting(why)
        case Accepted(receipt_jws):
            try:
                receipt = _verified(receipt_jws, pinned_key, package)
            except ReceiptInvalid as error:
                return Unproven(str(error.params["reason"]))
            if receipt.is_accepted:
                return Delivered(receipt, receipt_jws)
            return Declined(receipt.reason or "", receipt)
        case Refused(reason, _, receipt_jws):
            return _declined(reason, receipt_jws, pinned_key, package)


def _declined(reason: str, receipt_jws: str | None, pinned_key: PublicKey, package: bytes) -> Declined | Unproven:
    if receipt_jws is None:
        return Declined(reason, None)
    try:
        receipt = _verified(receipt_jws, pinned_key, package)
    except ReceiptInvalid:
        return Declined(reason, None)
    if receipt.is_accepted:
        # The two halves of the answer contradict each other: nothing is green on that.
        return Unproven("claims")
    return Declined(receipt.reason or reason, receipt)


def _verified(receipt_jws: str, pinned_key: PublicKey, package: bytes) -> Receipt:
    report = from_bytes(package)
    return verify_receipt(
        receipt_jws,
        pinned_key,
        shelter=report.shelter,
        period=report.period,
        revision=report.revision,
        sha256=digest(package),
        trail=report.trail,
    )
