"""What somebody has in hand, held against a key file: the keys it opens, or why it opens none.

Nothing is written here; the store is only tried.
"""

from __future__ import annotations

from pathlib import Path

from app.errors import BoundElsewhere, DeviceSecretMissing, UnknownCards, UnknownRecoveryCode, WrongPassphrase
from app.vault.card import CardSet, parse_card
from app.vault.device import DeviceSecrets
from app.vault.key import RecoveryCode, VaultKey
from app.vault.keyset import STORE_KEY, KeySet
from app.vault.keyslot import KeyFile, Opened, Paper
from app.vault.store import opens


def by_passphrase(keys: KeyFile, passphrase: str, secrets: DeviceSecrets) -> list[Opened]:
    """Return what a passphrase opens here; raises WrongPassphrase, BoundElsewhere or DeviceSecretMissing."""
    device_secret = secrets.get(keys.vault) if keys.needs_device else None
    found = keys.open_with_passphrase(passphrase, device_secret)
    if not found:
        if keys.needs_device and device_secret is None:
            raise DeviceSecretMissing
        raise BoundElsewhere if keys.bound_elsewhere(device_secret) else WrongPassphrase
    return found


def is_passphrase_of(keys: KeyFile, passphrase: str, secrets: DeviceSecrets, slot: str) -> bool:
    """Tell whether a passphrase opens a slot here."""
    found = keys.open_with_passphrase(passphrase, secrets.get(keys.vault) if keys.needs_device else None)
    return any(each.slot == slot for each in found)


def by_paper(keys: KeyFile, paper: Paper) -> Opened:
    """Return what a printed way in opens; raises UnknownRecoveryCode or UnknownCards."""
    found = keys.open_with_paper(paper)
    if found is None:
        raise UnknownCards if isinstance(paper, CardSet) else UnknownRecoveryCode(group=0)
    return found


def fitting(keys: KeySet, store: Path) -> int:
    """Return the generation of the store's key that the store is under: a change of key may have been cut off."""
    generations = keys.generations(STORE_KEY)
    if len(generations) > 1 and store.exists() and store.stat().st_size:
        for generation in reversed(generations):
            key = keys.get(STORE_KEY, generation)
            if key is not None and opens(store, key):
                return generation
    return generations[0]


def key_behind_passphrase(keys: KeyFile, passphrase: str, secrets: DeviceSecrets) -> tuple[VaultKey, str]:
    """Return the key that a passphrase opens here, and its slot; raises WrongPassphrase or DeviceSecretMissing."""
    found = by_passphrase(keys, passphrase, secrets)[0]
    return VaultKey(found.keys.store().raw()), found.slot


def key_behind_recovery(keys: KeyFile, code_text: str) -> VaultKey:
    """Return the key that a printed recovery code opens; raises WrongRecoveryCode."""
    return VaultKey(by_paper(keys, RecoveryCode.parse(code_text)).keys.store().raw())


def key_behind_cards(keys: KeyFile, first: str, second: str) -> VaultKey:
    """Return the key that two recovery cards open; raises WrongCard and its kinds."""
    cards = CardSet.of([parse_card(first), parse_card(second)])
    return VaultKey(by_paper(keys, cards).keys.store().raw())
