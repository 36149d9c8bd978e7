"""Sending to the capofila; nothing is lost, it is tried again.

The words of each reason are texts.
"""

from __future__ import annotations

from app.errors.base import ApprodoError


class SyncError(ApprodoError):
    """Sending to the capofila failed; the report stays in the queue."""

    key = "error.sync"


class PayloadInvalid(SyncError):
    """A monthly report is not of the agreed form; `reason` is a code."""

    key = "error.payload_invalid"


class KeyInvalid(SyncError):
    """Something given as a signing key is none."""

    key = "error.key_invalid"


class SignatureInvalid(SyncError):
    """The signature of a report does not prove what it should; `reason` is a code."""

    key = "error.signature_invalid"


class ReceiptInvalid(SyncError):
    """A receipt does not prove that this report arrived; `reason` is a code."""

    key = "error.receipt_invalid"


class ReceiptWorthless(ReceiptInvalid):
    """A receipt proves nothing, and the report has a proven one already; `reason` is a code."""

    key = "error.receipt_worthless"


class EnrolmentUnproven(SyncError):
    """Who answered the enrolment could not prove to be the capofila of the invitation; `reason` is a code."""

    key = "error.enrolment_unproven"


class InvitationInvalid(SyncError):
    """An invitation is cut short, mistyped or of another kind; `reason` is a code."""

    key = "error.invitation_invalid"


class AddressRefused(SyncError):
    """An address of a capofila is not plain https."""

    key = "error.address_refused"


class CapofilaNotReached(SyncError):
    """No capofila answered; `why` is a code."""

    key = "error.capofila_not_reached"


class EnrolmentRefused(SyncError):
    """The capofila does not accept the invitation; `reason` is a code."""

    key = "error.enrolment_refused"


class CertificateMismatch(SyncError):
    """The server at the address of the invitation shows another certificate than the invitation promises."""

    key = "error.certificate_mismatch"


class CapofilaStoreTooNew(SyncError):
    """The capofila's store was written by a newer Approdo (`found`, `known`: versions)."""

    key = "error.capofila_store_too_new"


class HostNotInCertificate(SyncError):
    """An invitation would name a `host` that the capofila's certificate does not cover."""

    key = "error.host_not_in_certificate"
