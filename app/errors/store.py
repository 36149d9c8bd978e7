"""The encrypted store and its keys; the operator can act.

Nothing is opened here.
"""

from __future__ import annotations

from app.errors.base import ApprodoError


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


class PassphraseTaken(VaultError):
    """The passphrase opens another operator's slot; each needs her own, since it tells who she is."""

    key = "error.passphrase_taken"


class WrongRecoveryCode(VaultError):
    """The recovery code is mistyped; `group` says in which of its eight groups."""

    key = "error.wrong_recovery_code"


class UnknownRecoveryCode(WrongRecoveryCode):
    """The recovery code has another length, or is of another register; `group` is 0."""

    key = "error.unknown_recovery_code"


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
