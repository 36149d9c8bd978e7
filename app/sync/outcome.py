"""What became of a report: what the network said (an outcome) and what that is worth (a verdict).

Green is one type only, `Delivered`, and only a verified receipt makes one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import ReceiptInvalid, SignatureInvalid
from app.sync.exchange import Why
from app.sync.key import PublicKey
from app.sync.payload import digest, from_bytes
from app.sync.signature import Receipt, read_kid, verify_receipt

REFUSALS = (
    "content_type_wrong", "digest_mismatch", "idempotency_key_missing", "idempotency_key_reused", "invitation_expired",
    "invitation_unknown", "invitation_used", "key_invalid", "key_taken", "payload_invalid", "request_invalid",
    "revision_conflict", "shelter_mismatch", "shelter_revoked", "shelter_unknown", "signature_invalid",
    "signature_missing", "too_large", "audience_wrong", "issuer_wrong", "too_many", "too_slow",
    "key_replaced", "change_unproven", "seal_invalid",
)  # fmt: skip
"""Why a capofila refuses; each has a sentence `error.refused_<reason>`. A newer capofila may know more."""


MAYBE_THERE = frozenset({"timeout", "server_error", "rubbish", "too_large", "cut", "stopped"})
"""After these nobody knows whether the report arrived: the question may have gone out before the answer was lost."""


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


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The capofila's server has taken the report and gives no receipt yet (202, or a yes without one)."""


Outcome = Accepted | Refused | NotReached | Acknowledged


@dataclass(frozen=True, slots=True)
class Delivered:
    """The capofila's receipt proves that it filed this very package: the only green there is."""

    receipt: Receipt
    receipt_jws: str


@dataclass(frozen=True, slots=True)
class Declined:
    """The package was refused; with a receipt it is proved that the capofila did it, without one it is only said.

    `unproven` is the reason of ReceiptInvalid where a receipt came that proves nothing by the keys known here.
    """

    reason: str
    receipt: Receipt | None
    receipt_jws: str | None = None
    unproven: str = ""

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
    def may_be_there(self) -> bool:
        """Whether it may have arrived although no answer came."""
        return self.why in MAYBE_THERE

    @property
    def text_key(self) -> str:
        """The sentence that explains it."""
        return f"error.not_reached_{self.why}"


@dataclass(frozen=True, slots=True)
class Noted:
    """The capofila has taken the package and owes the receipt; it is asked again until there is one."""

    @property
    def text_key(self) -> str:
        """The sentence that explains it."""
        return "error.receipt_owed"


Verdict = Delivered | Declined | Unproven | Waiting | Noted


def refusal_key(reason: str) -> str:
    """Return the key of the sentence for a refusal; `error.refused_other` when a newer capofila gives a new reason."""
    return f"error.refused_{reason if reason in REFUSALS else 'other'}"


def settle(outcome: Outcome, *, pinned_key: PublicKey, package: bytes, later_keys: Sequence[PublicKey] = ()) -> Verdict:
    """Return what an outcome is worth for this package, by the capofila's key that was pinned when it was signed.

    `later_keys` are those that provably descend from it. A signed receipt outweighs what the answer around it says.
    Raises PayloadInvalid when `package` is no report.
    """
    match outcome:
        case NotReached(why):
            return Waiting(why)
        case Acknowledged():
            return Noted()
        case Accepted(receipt_jws):
            try:
                receipt = _verified(receipt_jws, (pinned_key, *later_keys), package)
            except ReceiptInvalid as error:
                return Unproven(str(error.params["reason"]))
            if receipt.is_accepted:
                return Delivered(receipt, receipt_jws)
            return Declined(receipt.reason or "", receipt, receipt_jws)
        case Refused(reason, _, receipt_jws):
            return _declined(reason, receipt_jws, (pinned_key, *later_keys), package)


def _declined(reason: str, receipt_jws: str | None, keys: Sequence[PublicKey], package: bytes) -> Delivered | Declined:
    if receipt_jws is None:
        return Declined(reason, None)
    try:
        receipt = _verified(receipt_jws, keys, package)
    except ReceiptInvalid as error:
        return Declined(reason, None, unproven=str(error.params["reason"]))
    if receipt.is_accepted:
        # The two halves contradict each other, and only one of them is signed: a receipt always wins.
        return Delivered(receipt, receipt_jws)
    return Declined(receipt.reason or reason, receipt, receipt_jws)


def _verified(receipt_jws: str, keys: Sequence[PublicKey], package: bytes) -> Receipt:
    """Return the receipt by whichever of the keys it names; by none of them it is judged by the first."""
    report = from_bytes(package)
    try:
        signer = read_kid(receipt_jws)
    except SignatureInvalid:
        raise ReceiptInvalid(reason="malformed") from None
    return verify_receipt(
        receipt_jws,
        next((key for key in keys if key.thumbprint() == signer), keys[0]),
        shelter=report.shelter,
        period=report.period,
        revision=report.revision,
        sha256=digest(package),
        trail=report.trail,
    )
