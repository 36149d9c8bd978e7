"""Files that travel, and keys that change; nothing is lost, and nothing is believed that is not proved.

The words of each reason are texts.
"""

from __future__ import annotations

from app.errors.sending import SyncError


class SealInvalid(SyncError):
    """A sealed file is none, was changed, or is for another capofila; `reason` is a code."""

    key = "error.seal_invalid"


class AnswerInvalid(SyncError):
    """A file is no answer of a capofila; `reason` is a code."""

    key = "error.answer_invalid"


class AnswerTooNew(AnswerInvalid):
    """A file is an answer of a kind that only a newer program reads."""

    key = "error.answer_too_new"


class SealingKeyUnknown(SyncError):
    """The capofila's key that files are sealed to is not known yet."""

    key = "error.sealing_key_unknown"


class SendingWaits(SyncError):
    """The register was restored, and nobody has said yet that this computer goes on."""

    key = "error.sending_waits"


class ReceiptForNobody(SyncError):
    """A receipt names a report that this register does not know."""

    key = "error.receipt_for_nobody"


class AnswerForNobody(SyncError):
    """An answer is about an enrolment or a key that this register did not ask for."""

    key = "error.answer_for_nobody"


class SuccessionUnproven(SyncError):
    """A new key of the capofila does not descend from the one that is known; `reason` is a code."""

    key = "error.succession_unproven"


class KeyChangeUnproven(SyncError):
    """A change of a shelter's key, or its leave, does not prove what it should; `reason` is a code."""

    key = "error.key_change_unproven"


class ReportBroken(SyncError):
    """The bytes of a released report are not those that were signed."""

    key = "error.report_broken"


class ReceiptForBroken(ReportBroken):
    """A receipt is about a report whose bytes are not those that were signed: nothing can be proved by it."""

    key = "error.receipt_for_broken"
