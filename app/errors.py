"""Every deliberate error of Approdo; nothing here knows how it is shown.

    ApprodoError
    ├── RuleBroken            a rule of the register refuses the entry; the operator can correct it
    ├── VaultError            the encrypted store or its keys; the operator can act
    ├── SyncError             sending to the capofila; nothing is lost, it is tried again
    └── ImportRefused         a file from outside cannot be taken; nothing was written

A message is a key into `resources/texts/<language>/error.toml` plus harmless values: ids, dates, codes, counts,
never a person's data.
"""

from __future__ import annotations

from typing import ClassVar


class ApprodoError(Exception):
    """A fact that Approdo expects and can explain; `key` names the sentence that tells it."""

    key: ClassVar[str] = "error.unexpected"

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(f"{self.key}({', '.join(f'{k}={v}' for k, v in params.items())})")


# --- rules of the register -----------------------------------------------------------------------------------


class RuleBroken(ApprodoError):
    """A rule of the register refuses what was entered; nothing was written."""

    key = "error.rule_broken"


class StayOverlaps(RuleBroken):
    """One person would be in two stays on the same night."""

    key = "error.stay_overlaps"


class BedTaken(RuleBroken):
    """One bed would be given to two people on the same night."""

    key = "error.bed_taken"


class BedInOtherHouse(RuleBroken):
    """The bed does not belong to the house of the stay."""

    key = "error.bed_in_other_house"


class ExitBeforeEntry(RuleBroken):
    """A stay would end before it begins."""

    key = "error.exit_before_entry"


class OutsideStay(RuleBroken):
    """A presence, meal or referral would lie on a day that no stay covers."""

    key = "error.outside_stay"


class RecordsAfterExit(RuleBroken):
    """An exit would leave presences or meals behind it, outside the stay."""

    key = "error.records_after_exit"


class MinorAmongAdults(RuleBroken):
    """An unaccompanied minor would enter a house for adults without a stated reason."""

    key = "error.minor_among_adults"


class StayAlreadyEnded(RuleBroken):
    """The stay has an exit already."""

    key = "error.stay_already_ended"


class DayInFuture(RuleBroken):
    """A record would be dated in the future."""

    key = "error.day_in_future"


class UnknownCode(RuleBroken):
    """A code is not in its code list."""

    key = "error.unknown_code"


class FieldMissing(RuleBroken):
    """A field that the entry cannot do without is empty."""

    key = "error.field_missing"


class MealRule(RuleBroken):
    """Two kinds of meal exclude each other, or a kind is not served in this house."""

    key = "error.meal_rule"


class PasteUnreadable(RuleBroken):
    """What was pasted into the month holds something that is no presence; `line` and `column` say where."""

    key = "error.paste_unreadable"


class MonthIsClosed(RuleBroken):
    """The month was closed; its records can no longer change."""

    key = "error.month_is_closed"


class MonthNotOver(RuleBroken):
    """The month cannot be closed before its last night is over."""

    key = "error.month_not_over"


class MonthHasErrors(RuleBroken):
    """The month's checks found errors that must be corrected before closing."""

    key = "error.month_has_errors"


class MonthNotClosed(RuleBroken):
    """A report is only made from a closed month."""

    key = "error.month_not_closed"


class ThresholdTooLow(RuleBroken):
    """A threshold below three is refused (Regole deontologiche Sistan, G.U. 11 of 14-1-2019, art. 5)."""

    key = "error.threshold_too_low"


class ReferralStep(RuleBroken):
    """A step in the life of a referral comes before the one it needs."""

    key = "error.referral_step"


class NotEnrolled(RuleBroken):
    """The house has no place in the network yet: there is nobody to send its report to."""

    key = "error.not_enrolled"


class ReportChanged(RuleBroken):
    """The report is no longer the one that was shown; it must be looked at again before it is released."""

    key = "error.report_changed"


class NotFound(ApprodoError):
    """Something that was asked for by id or code is not in the register."""

    key = "error.not_found"


# --- the vault -----------------------------------------------------------------------------------------------


class VaultError(ApprodoError):
    """The encrypted store or its keys."""

    key = "error.vault"


class VaultMissing(VaultError):
    """There is no vault in the folder."""

    key = "error.vault_missing"


class VaultExists(VaultError):
    """A vault is already in the folder; it is never written over."""

    key = "error.vault_exists"


class VaultLocked(VaultError):
    """Work was asked of a locked vault."""

    key = "error.vault_locked"


class WrongPassphrase(VaultError):
    """No key slot opens with what was typed."""

    key = "error.wrong_passphrase"


class WeakPassphrase(VaultError):
    """The passphrase is too short to protect the register."""

    key = "error.weak_passphrase"


class WrongRecoveryCode(VaultError):
    """The recovery code is mistyped (its group is named) or is not of this vault."""

    key = "error.wrong_recovery_code"


class DeviceSecretMissing(VaultError):
    """The passphrase slot needs a secret that this computer's keyring does not hold."""

    key = "error.device_secret_missing"


class NotEncrypted(VaultError):
    """The proof that the store is encrypted failed; it is not opened."""

    key = "error.not_encrypted"


class VaultDamaged(VaultError):
    """The store or its key file was changed or broken outside Approdo."""

    key = "error.vault_damaged"


class VaultTooNew(VaultError):
    """The store was written by a newer Approdo."""

    key = "error.vault_too_new"


class VaultBusy(VaultError):
    """Another program holds the store."""

    key = "error.vault_busy"


class DiskFull(VaultError):
    """The disk has no room; the last entry was not written."""

    key = "error.disk_full"


class VaultReadOnly(VaultError):
    """The folder of the vault cannot be written."""

    key = "error.vault_read_only"


# --- sync ----------------------------------------------------------------------------------------------------


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


# --- import --------------------------------------------------------------------------------------------------


class ImportRefused(ApprodoError):
    """A file from outside cannot be taken; nothing was written."""

    key = "error.import_refused"


class NotAnHmisExport(ImportRefused):
    """The folder lacks files that every HMIS export has (`files`: their names)."""

    key = "error.not_an_hmis_export"


class HmisColumnsMissing(ImportRefused):
    """A file of an HMIS export lacks columns that the import cannot do without (`file`, `columns`)."""

    key = "error.hmis_columns_missing"


class HmisFileUnreadable(ImportRefused):
    """A file of an HMIS export cannot be read from a `line` on: broken quoting, binary content, no permission."""

    key = "error.hmis_file_unreadable"


class HmisExportUndated(ImportRefused):
    """Export.csv does not say on which day the export ends, so that an open stay would have no last night."""

    key = "error.hmis_export_undated"


class HmisHouseUnknown(ImportRefused):
    """A house was asked for by a name that no residential project of the export has (`name`, `known`)."""

    key = "error.hmis_house_unknown"


class HouseNameTaken(ImportRefused):
    """The register has a house of that name with stays of its own; imported guests would stand beside them twice."""

    key = "error.house_name_taken"


# --- files that somebody asked for -------------------------------------------------------------------------------


class FileNotWritten(ApprodoError):
    """A file could not be written where somebody wanted it; the register is as it was."""

    key = "error.file_not_written"
