"""Who may open the vault: letting operators in, changing what they open, taking it away, printed ways in.

An operator's slot counts only while her row names it, so a row is the moment at which a change is made; what a crash
left over in the key file opens nothing and is tidied by `settle`. Which role opens what is decided by the services.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from app.errors import (
    BoundElsewhere,
    CompartmentClosed,
    DeviceSecretMissing,
    HerPassphraseNeeded,
    LastCoordination,
    PassphraseTaken,
    VaultLocked,
)
from app.models.work import Draft, Operator, RecoveryCard, Setting
from app.reference.ids import OperatorId
from app.vault.card import CardSet, card_tag
from app.vault.envelope import new_private
from app.vault.key import check_passphrase
from app.vault.keyset import STORE_KEY
from app.vault.keyslot import KeyFile, Paper
from app.vault.openvault import OpenVault
from app.vault.own import DRAFT
from app.vault.owner import Owner
from app.vault.proof import (
    bound_to,
    faults,
    handed_on,
    is_held_beside,
    misplaced,
    opened_by,
    printed_slot,
    require_proved,
)
from app.vault.renewal import REACHED, RENEWALS, ask_renewal, numbers
from app.vault.slot import CARDS
from app.vault.tidy import are_renewed, newer, owners, rightful_slots, settled, without_leftovers

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.vault.own import Own

Noted = Callable[["Session", OperatorId], None]
"""Writes the line of the trail about an operator, within the transaction that changes her row."""
_NO_LINE: Noted = lambda _session, _operator: None  # noqa: E731 - a default
Lined = Callable[["Session"], None]
"""Writes the line about paper or keys, within the transaction of the change."""
_NOTHING: Lined = lambda _session: None  # noqa: E731 - a default

NamesOf = Callable[[str], frozenset[str]]
"""Which compartments a role may open."""


class Doors:
    """The ways into one open vault."""

    def __init__(self, vault: OpenVault) -> None:
        self._vault = vault

    # --- operators --------------------------------------------------------------------------------------------

    def add_operator(
        self,
        passphrase: str,
        *,
        login: str,
        display_name: str,
        role: str,
        names: frozenset[str],
        noted: Noted = _NO_LINE,
    ) -> OperatorId:
        """Let one more operator in; raises WeakPassphrase, PassphraseTaken, DeviceSecretMissing or VaultReadOnly."""
        with self._vault.alone():
            self._proved_keys()
            with self._vault.work() as session:
                last = session.scalar(select(func.max(Operator.id))) or 0
            owner = Owner(OperatorId(last + 1), display_name)
            slot, _ = self._new_slot(passphrase, None, names, owner)
            return self.add_row(owner, login, role, slot, noted)

    def add_row(self, owner: Owner, login: str, role: str, slot: str, noted: Noted = _NO_LINE) -> OperatorId:
        """Write an operator's row that names her slot: from here on it opens."""
        with self._vault.work() as session:
            session.add(Operator(id=owner.operator, login=login, display_name=owner.name, role=role, slot=slot))
            session.flush()
            noted(session, owner.operator)
            return owner.operator

    def set_passphrase(
        self,
        operator: OperatorId,
        passphrase: str,
        names: frozenset[str] | None = None,
        noted: Noted = _NO_LINE,
    ) -> None:
        """Give an operator a new passphrase, bound to this computer where it has a keyring; the old one stops.

        It opens what her old one did, and of that no more than `names` where they are said (what nobody else opens is
        taken from nobody): anybody who opens the store could have changed her row, so what she gains she gains by
        `change_role` alone. Whoever came in with a printed way is from now on this operator. Her drafts go over to her
        new key if she changes it herself; nobody else can do that. Raises as `add_operator`, or VaultDamaged.
        """
        with self._vault.alone():
            keys, owner = self._proved_keys(), self._owner(operator)
            names = handed_on(keys, owner.slot, names, self.slots().values())
            slot, private = self._new_slot(passphrase, operator, names, owner)
            with self._vault.work() as session:
                session.get_one(Operator, operator).slot = slot
                if operator == self._vault.operator:
                    _reseal_drafts(session, self._vault.own, private)
                noted(session, operator)
            try:
                self._write_if_new(without_leftovers(self._vault.key_file(), self._vault.held(), self._owners()))
            finally:
                self._vault.sit_down(operator, names, private)  # the change is made, and her drafts moved on

    def remove_operator(
        self,
        operator: OperatorId,
        at: datetime,
        names_of: NamesOf,
        *,
        noted: Noted = _NO_LINE,
        lined: Lined = _NOTHING,
    ) -> None:
        """Take an operator's access away at once, and begin new keys for what she could open.

        Her slot opens nothing once her row is written and is destroyed right after; the store follows with
        `Vault.change_store_key`. After a crash the next opening does the rest. Raises LastCoordination or VaultDamaged.
        """
        with self._vault.alone():
            keys, owner = self._proved_keys(), self._owner(operator)
            slots = {owner.slot, *bound_to(keys, self._vault.held(), owner)}
            opened = frozenset[str]().union(*(opened_by(keys, slot) for slot in slots))
            self._require_another(keys, owner.slot, opened)
            with self._vault.work() as session:
                row = session.get_one(Operator, operator)
                row.slot, row.left_at = None, at
                session.execute(delete(Draft).where(Draft.operator_id == operator))
                ask_renewal(session, keys, opened | {STORE_KEY})
                noted(session, operator)
            self.settle(names_of, lined)

    def change_role(
        self,
        operator: OperatorId,
        role: str,
        names_of: NamesOf,
        passphrase: str = "",
        *,
        noted: Noted = _NO_LINE,
        lined: Lined = _NOTHING,
    ) -> None:
        """Give an operator another role and with it the compartments that belong to it.

        Keys are given and taken here alone, by somebody who holds them, in one rename of the key file and before the
        row says so: a row is a word that anybody who opens the store can write. For what she gains her passphrase is
        needed: it proves which way in is hers. What she loses gets a new key for what comes, in that same rename.
        Raises HerPassphraseNeeded, WrongPassphrase, CompartmentClosed, LastCoordination or VaultDamaged.
        """
        with self._vault.alone():
            held, keys, owner = self._vault.held(), self._proved_keys(), self._owner(operator)
            slot, wanted = owner.slot, names_of(role)
            opened = opened_by(keys, slot)
            self._require_another(keys, slot, opened - wanted)
            if slot is not None and (wanted ^ opened) - held.names():
                raise CompartmentClosed
            if slot is not None and wanted - opened:
                public = self._public_of(keys, slot, passphrase)
                for name in sorted(wanted - opened):
                    keys = keys.with_holder(held, slot, public, name, owner)
            for name in sorted(opened - wanted):
                keys = keys.without_strangers(held).without_holders(held, {name: frozenset({str(slot)})})
                keys, held = keys.renewed(held, name)
            self._write_if_new(keys)
            self._vault.take_keys(held)
            with self._vault.work() as session:
                session.get_one(Operator, operator).role = role
                noted(session, operator)
            self.settle(names_of, lined)

    def _public_of(self, keys: KeyFile, slot: str, passphrase: str) -> bytes:
        if not passphrase:
            raise HerPassphraseNeeded
        if slot in keys.bound_elsewhere(self._vault.secrets.get(keys.vault)):
            raise BoundElsewhere
        return keys.public_behind(slot, passphrase, self._vault.secrets.get(keys.vault))

    def ask_new_store_key(self, names_of: NamesOf, lined: Lined = _NOTHING) -> None:
        """Begin a new key for the store and for every compartment, as after a suspected loss."""
        with self._vault.alone():
            keys = self._proved_keys()
            with self._vault.work() as session:
                ask_renewal(session, keys, {each.name for each in keys.keys})
                lined(session)
            self.settle(names_of, lined)

    def slots(self) -> dict[OperatorId, str]:
        """Return the slot that each operator's row names."""
        with self._vault.work() as session:
            rows = session.execute(select(Operator.id, Operator.slot).where(Operator.slot.is_not(None)))
            return {OperatorId(number): slot for number, slot in rows if slot is not None}

    def slots_here(self) -> frozenset[str]:
        """Return the slots that can open on this computer."""
        keys = self._vault.key_file()
        elsewhere = keys.bound_elsewhere(self._vault.secrets.get(keys.vault))
        return frozenset(slot.id for slot in keys.slots) - elsewhere

    def device_secret_for(self, keys: KeyFile) -> bytes | None:
        """Return the secret that a new slot is bound to; raises DeviceSecretMissing.

        A secret that other slots need is never replaced because the keyring was silent once; only after opening with
        something printed, on a computer that does not hold it, a new one is made.
        """
        secrets = self._vault.secrets
        found = secrets.get(keys.vault)
        if found is None and keys.needs_device and self._vault.operator is not None:
            raise DeviceSecretMissing
        return found or secrets.create(keys.vault)

    # --- on paper ---------------------------------------------------------------------------------------------

    def adopt(self, paper: Paper, at: datetime, lined: Lined = _NOTHING) -> None:
        """Let a printed way in, printed already and proved, take the place of every older one.

        What proves its cards is kept before they count; of those in use now until the next are made. Raises
        CompartmentClosed when who is at the desk cannot open all that it must open.
        """
        with self._vault.alone():
            held, keys = self._vault.held(), self._proved_keys()
            if {each.name for each in keys.keys} - held.names():
                raise CompartmentClosed
            in_use = keys.slot_of(CARDS)
            keys, slot = keys.with_paper(held, paper)
            with self._vault.work() as session:
                session.execute(delete(RecoveryCard).where(RecoveryCard.slot.is_distinct_from(in_use)))
                if isinstance(paper, CardSet):
                    session.add_all(_card_rows(paper, slot, keys.vault, at, proved_at=at))
                lined(session)
            keys.write(self._vault.keys_path)  # from here on it opens, and the older one does not

    def note_cards(self, cards: CardSet, slot: str, vault: str, at: datetime) -> None:
        """Keep of each card what proves it later; none of them is proved yet."""
        with self._vault.work() as session:
            session.add_all(_card_rows(cards, slot, vault, at, proved_at=None))

    def cards_slot(self) -> str | None:
        """Return the slot of the recovery cards in use, or None."""
        return self._vault.key_file().slot_of(CARDS)

    # --- tidying ----------------------------------------------------------------------------------------------

    def settle(self, names_of: NamesOf, lined: Lined = _NOTHING) -> None:
        """Bring the key file in line with the operators' rows, as far as who is at the desk holds the keys.

        It takes away slots that no row names, and never a compartment from an operator: her row is a word that anybody
        with the store's key can write. And it begins the new generations that were asked for, also before a crash.
        Raises VaultBusy when there is something to do and another program has the vault open.
        """
        mine = self._mine(self._vault.key_file())
        keys, _, asked = settled(self._vault, mine, names_of)
        if not asked and keys == self._vault.key_file() and not newer(self._vault, keys):
            return
        with self._vault.alone():
            keys, held, asked = settled(self._vault, mine, names_of)
            self._write_if_new(keys)
            self._vault.take_keys(held)
            self._leave_closed(keys)
            further, renewed = newer(self._vault, keys), bool(asked) and are_renewed(self._vault, keys, asked)
            if not further and not renewed:
                return
            with self._vault.work() as session:
                if renewed:
                    session.execute(delete(Setting).where(Setting.name == RENEWALS))
                session.merge(Setting(name=REACHED, value=json.dumps(numbers(session, REACHED) | further)))
                lined(session)

    def put_rows_right(self, noted: Noted = _NO_LINE) -> bool:
        """Let each row name the way in that the lists bind to its operator again; return whether there was any to mend.

        For who came in from paper and holds all keys: a row that names another's stops every change of keys.
        """
        if not self.misplaced():
            return False
        with self._vault.alone(), self._vault.work() as session:
            right = rightful_slots(self._vault.key_file(), self._vault.held(), owners(session))
            for operator in right:
                session.get_one(Operator, operator).slot = None
            session.flush()  # no two rows may name one slot, not even for a moment
            for operator, slot in right.items():
                session.get_one(Operator, operator).slot = slot
                noted(session, operator)
            return bool(right)

    def _mine(self, keys: KeyFile) -> str:
        """Return the slot of who is at the desk: her own, or the printed one."""
        who = self._vault.operator
        return printed_slot(keys) if who is None else self.slots().get(who, "")

    def _require_another(self, keys: KeyFile, slot: str | None, names: frozenset[str]) -> None:
        """Raise LastCoordination when somebody is the last whose passphrase opens one of these compartments."""
        named = self.slots().values()
        if slot is not None and not all(is_held_beside(keys, slot, name, named) for name in names):
            raise LastCoordination

    def _leave_closed(self, keys: KeyFile) -> None:
        """Let who is at the desk hold no compartment whose newest key is not hers."""
        mine, held = self._mine(keys), self._vault.held()
        hers = {name for name in keys.names() if keys.newest(name).holds(mine)} | {STORE_KEY}
        if held.names() - hers:
            self._vault.take_keys(held.only(hers))

    def _proved_keys(self) -> KeyFile:
        return require_proved(self._vault.key_file(), self._vault.held(), self._owners())

    def _owners(self) -> list[Owner]:
        with self._vault.work() as session:
            return owners(session)

    def _owner(self, operator: OperatorId) -> Owner:
        return next(owner for owner in self._owners() if owner.operator == operator)

    def faults(self) -> list[str]:
        """Return what is wrong with the key file, as far as who is at the desk can judge it."""
        keys = self._vault.key_file()
        return faults(keys, self._vault.held(), self._mine(keys), self._owners())

    def misplaced(self) -> frozenset[OperatorId]:
        """Return the operators whose row names a way in that is another's, as far as who is at the desk can judge."""
        return frozenset(row.operator for row in misplaced(self._vault.key_file(), self._vault.held(), self._owners()))

    def opened(self) -> dict[OperatorId, frozenset[str]]:
        """Return the compartments that each operator's passphrase opens, of those who have one."""
        keys = self._vault.key_file()
        return {operator: opened_by(keys, slot) for operator, slot in self.slots().items()}

    def _new_slot(
        self, passphrase: str, operator: OperatorId | None, names: frozenset[str], owner: Owner
    ) -> tuple[str, bytes]:
        """Write a slot that no row names yet, and return it with its private key.

        Raises WeakPassphrase or PassphraseTaken.
        """
        check_passphrase(passphrase)
        if not self._vault.is_open:
            raise VaultLocked
        held, keys = self._vault.held(), self._vault.key_file()
        device_secret = self.device_secret_for(keys)
        owners = {slot: owner for owner, slot in self.slots().items()}
        for other in keys.open_with_passphrase(passphrase, device_secret):
            if owners.get(other.slot) not in (operator, None):
                raise PassphraseTaken
        private = new_private()
        keys, slot = keys.with_passphrase(held, passphrase, device_secret, names=names, private=private, owner=owner)
        keys.write(self._vault.keys_path)
        return slot, private

    def _write_if_new(self, keys: KeyFile) -> None:
        if keys != self._vault.key_file():
            keys.write(self._vault.keys_path)


def _card_rows(
    cards: CardSet, slot: str, vault: str, at: datetime, *, proved_at: datetime | None
) -> list[RecoveryCard]:
    return [
        RecoveryCard(
            slot=slot,
            number=card.number,
            set_label=card.set_label,
            tag=card_tag(card, vault),
            made_at=at,
            proved_at=proved_at,
        )
        for card in cards.cards
    ]


def _reseal_drafts(session: Session, own: Own, private: bytes) -> None:
    """Seal the drafts of who is at the desk to her next key."""
    for draft in session.scalars(select(Draft).where(Draft.operator_id == own.operator)):
        draft.content = own.resealed(DRAFT, draft.content, private)
