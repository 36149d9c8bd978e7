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


class KeysMissing(VaultMissing):
    """There is a store in the folder without its key file, which alone opens it."""

    key = "error.keys_missing"


class VaultExists(VaultError):
    """A vault is already in the folder; it is never written over."""

    key = "error.vault_exists"


class VaultLocked(VaultError):
    """Work was asked of a locked vault."""

    key = "error.vault_locked"


class WrongPassphrase(VaultError):
    """No key slot opens with what was typed."""

    key = "error.wrong_passphrase"


class BoundElsewhere(WrongPassphrase):
    """No key slot opens, and some are bound to another computer's secret: the phrase may be right, but not here."""

    key = "error.bound_elsewhere"


class WeakPassphrase(VaultError):
    """The passphrase is too short to protect the register."""

    key = "error.weak_passphrase"


class PassphrasesDiffer(VaultError):
    """A new passphrase was typed twice, and not the same."""

    key = "error.passphrases_differ"


class PassphraseTaken(VaultError):
    """The passphrase opens another operator's slot; each needs her own, since it tells who she is."""

    key = "error.passphrase_taken"


class WrongRecoveryCode(VaultError):
    """The recovery code is mistyped; `group` says in which of its eight groups."""

    key = "error.wrong_recovery_code"


class UnknownRecoveryCode(WrongRecoveryCode):
    """The recovery code has another length, or is of another register; `group` is 0."""

    key = "error.unknown_recovery_code"


class WrongCard(VaultError):
    """A recovery card is mistyped; `place` says which of its twenty words, 0 when that is not known."""

    key = "error.wrong_card"


class SameCardTwice(WrongCard):
    """The same recovery card was typed twice; two different ones are needed."""

    key = "error.same_card_twice"


class CardsOfTwoSets(WrongCard):
    """The two recovery cards were not made together."""

    key = "error.cards_of_two_sets"


class UnknownCards(WrongCard):
    """The recovery cards are right, but of another register, or newer ones have taken their place."""

    key = "error.unknown_cards"


class TooSoon(VaultError):
    """After wrong passphrases the next try has to wait; `seconds` says how long."""

    key = "error.too_soon"


class CompartmentClosed(VaultError):
    """What was asked for is sealed, and whoever is at the desk has no key to it."""

    key = "error.compartment_closed"


class DeviceSecretMissing(VaultError):
    """The passphrase slot needs a secret that this computer's keyring does not hold."""

    key = "error.device_secret_missing"


class NotEncrypted(VaultError):
    """The proof that the store is encrypted failed; it is not opened."""

    key = "error.not_encrypted"


class VaultDamaged(VaultError):
    """The store or its key file was changed or broken outside Approdo."""

    key = "error.vault_damaged"


class WayInMisplaced(VaultDamaged):
    """An operator's row names a way in that the key file binds to somebody else: no key is changed by it."""

    key = "error.way_in_misplaced"


class VaultTooNew(VaultError):
    """The store was written by a newer Approdo."""

    key = "error.vault_too_new"


class VaultBusy(VaultError):
    """Another program holds the store."""

    key = "error.vault_busy"


class NotEnoughMemory(VaultError):
    """The computer has not the memory that stretching a passphrase takes."""

    key = "error.not_enough_memory"


class HerPassphraseNeeded(VaultError):
    """Somebody is to open more than before: the keys go to the way in that her passphrase proves to be hers."""

    key = "error.her_passphrase_needed"


class HerPassphraseWrong(VaultError):
    """The passphrase that was to prove who is given more is not hers, or does not open on this computer."""

    key = "error.her_passphrase_wrong"


class RenewalStopped(VaultError):
    """A change of the store's key was stopped by a lock; it goes on after the next opening."""

    key = "error.renewal_stopped"


class DiskFull(VaultError):
    """The disk has no room; the last entry was not written."""

    key = "error.disk_full"


class NoRoomToUpgrade(DiskFull):
    """The disk has no room to bring the store to this program's schema; nothing was changed. In megabytes."""

    key = "error.no_room_to_upgrade"


class DiskFailing(VaultError):
    """The disk did not do what was asked of it; the last entry was not written, the store is as it was."""

    key = "error.disk_failing"


class VaultReadOnly(VaultError):
    """The folder of the vault cannot be written."""

    key = "error.vault_read_only"
