"""Opening and locking the register, its first set-up, and its keys, as the window and the command line ask for them.

Nothing of the register's content is handled here.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import LastCoordination, VaultExists, WrongRecoveryCode
from app.models.work import Operator
from app.reference.codelist import require
from app.reference.ids import HouseId, OperatorId
from app.services.desk import Desk
from app.services.house import HouseDraft, Houses, ProjectDraft
from app.services.operator import Operators
from app.services.operator_name import note_first_names
from app.services.recovery import Kind, PrintedCard, Recoveries, printed
from app.services.role import COORDINATION
from app.services.setting import Settings, WorkSettings
from app.vault.card import CardSet, Reading, all_words, read_card
from app.vault.key import RecoveryCode

if TYPE_CHECKING:
    from app.vault.key import KdfCost


@dataclass(frozen=True, slots=True)
class OwnerDraft:
    """Who makes the register: the first operator, and the legal name of the ente."""

    passphrase: str
    login: str
    display_name: str
    role: str
    ente: str


@dataclass(frozen=True, slots=True)
class SetupDraft(OwnerDraft):
    """What the first-run wizard asks."""

    house: HouseDraft
    project: ProjectDraft | None = None
    recovery: Kind = "sheet"
    """What is to open the register from paper."""


@dataclass(frozen=True, slots=True)
class SetupDone:
    """What a set-up gives back: what to print (a code or cards), and whether this computer's keyring protects it."""

    house: HouseId
    recovery_groups: tuple[str, ...]
    device_secret: bool
    cards: tuple[PrintedCard, ...] = ()


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """An operator as the window shows her."""

    id: OperatorId
    login: str
    display_name: str
    role: str
    opens_here: bool = True
    """Whether her passphrase opens on this computer."""
    is_unproved: bool = False
    """Of who is at the desk: whether her keys do not prove the role in her row; `role` is then what they prove."""
    has_key_faults: bool = False
    """Of who is at the desk: whether the key file was changed by nobody who holds its keys."""
    has_row_faults: bool = False
    """Of who is at the desk: whether somebody's row names the passphrase of somebody else."""
    were_rows_mended: bool = False
    """Of who is at the desk: whether such rows were put right when the register was opened from paper."""
    keys_await: bool = False
    """Of who is at the desk: whether a change of the store's key was cut off."""


class Access:
    """The way in and out."""

    def __init__(
        self, desk: Desk, houses: Houses, settings: Settings, operators: Operators, recoveries: Recoveries
    ) -> None:
        self._desk = desk
        self._houses = houses
        self._settings = settings
        self._operators = operators
        self._recoveries = recoveries
        self._mended = False

    @property
    def exists(self) -> bool:
        """Whether there is a register to unlock."""
        return self._desk.vault.exists

    @property
    def is_open(self) -> bool:
        """Whether the register is unlocked."""
        return self._desk.vault.is_open

    @property
    def folder(self) -> Path:
        """Where the register lies."""
        return self._desk.vault.folder

    @property
    def cipher_version(self) -> str:
        """The version of the cipher that was proved at opening."""
        return self._desk.vault.cipher_version

    def set_up(self, draft: SetupDraft, cost: KdfCost | None = None) -> SetupDone:
        """Make the register with its first operator, house and project: all of it, or nothing.

        Raises WeakPassphrase, FieldMissing, UnknownCode, VaultExists or VaultReadOnly.
        """
        paper = CardSet.new() if draft.recovery == "cards" else RecoveryCode.new()
        with self._making(draft, paper, cost):
            house = self.add_first_house(draft.ente, draft.house, draft.project)
            note_first_names(self._desk)
        device_secret = self.uses_device_secret()
        if isinstance(paper, CardSet):
            return SetupDone(house, (), device_secret, printed(paper))
        return SetupDone(house, tuple(paper.groups()), device_secret)

    def make_empty(self, draft: OwnerDraft, cost: KdfCost | None = None) -> tuple[str, ...]:
        """Make the register with its first operator and no house yet; return the groups of its recovery code."""
        code = RecoveryCode.new()
        with self._making(draft, code, cost):
            self._settings.change(WorkSettings(ente=draft.ente))
            note_first_names(self._desk)
        return tuple(code.groups())

    def _making(
        self, draft: OwnerDraft, paper: RecoveryCode | CardSet, cost: KdfCost | None
    ) -> AbstractContextManager[object]:
        require("role", draft.role)
        if draft.role != COORDINATION:
            raise LastCoordination  # somebody must be able to let the others in
        return self._desk.vault.making(
            draft.passphrase,
            login=draft.login,
            display_name=draft.display_name,
            role=draft.role,
            paper=paper,
            at=self._desk.now(),
            cost=cost,
        )

    def add_first_house(self, ente: str, house: HouseDraft, project: ProjectDraft | None) -> HouseId:
        """Write the ente's name and make its first house, with the project that pays for it."""
        self._settings.change(WorkSettings(ente=ente))
        paid_by = self._houses.add_project(project) if project else None
        return self._houses.add(replace(house, project=paid_by) if paid_by else house)

    def unlock(self, passphrase: str) -> None:
        """Open the register; raises as `Vault.unlock`. What a crash left of a change of keys is tidied."""
        self._desk.vault.unlock(passphrase)
        self._note_opening("unlock")
        self._mended = False
        self._operators.settle()

    def unlock_with_recovery(self, code: str) -> None:
        """Open the register with the printed recovery code alone; raises WrongRecoveryCode or as `unlock`."""
        self._desk.vault.unlock_with_recovery(code)
        self._note_opening("recover")
        self._mended = self._operators.put_rows_right()

    def unlock_with_cards(self, first: str, second: str) -> None:
        """Open the register with two recovery cards alone; raises WrongCard and its kinds, or as `unlock`."""
        self._desk.vault.unlock_with_cards(first, second)
        self._note_opening("recover")
        self._mended = self._operators.put_rows_right()

    def _note_opening(self, how: str) -> None:
        """Note an opening; an opening that cannot be noted (full disk, busy store) is none."""
        try:
            has_faults = bool(self._desk.vault.doors.faults())
            with self._desk.vault.work() as session:
                self._desk.note(session, how, "vault")
                if has_faults:
                    self._desk.note(session, "key_faults", "key")
                if self._desk.is_unproved(session):
                    self._desk.note(session, "role_unproved", "operator", self._desk.vault.operator)
        except BaseException:
            self._desk.vault.lock()
            raise

    def is_my_passphrase(self, passphrase: str) -> bool:
        """Tell whether a passphrase is that of the operator at the desk; it pays one derivation."""
        return self._desk.vault.is_my_passphrase(passphrase)

    def recovery_kind(self) -> Kind | None:
        """Return what opens the register from paper."""
        return self._recoveries.kind()

    def read_card(self, text: str) -> Reading:
        """Judge what was typed of a recovery card."""
        return read_card(text)

    def card_words(self) -> tuple[str, ...]:
        """Return all words that a recovery card may have."""
        return all_words()

    def check_recovery_code(self, text: str) -> int | None:
        """Return the first wrong group (1 to 8), 0 for a wrong length, or None when the code is well formed."""
        try:
            RecoveryCode.parse(text)
        except WrongRecoveryCode as wrong:
            return int(str(wrong.params["group"]))
        return None

    def set_passphrase(self, operator: OperatorId, passphrase: str) -> None:
        """Give an operator a new passphrase; raises as `Operators.set_passphrase`."""
        self._operators.set_passphrase(operator, passphrase)

    def propose_recovery(self) -> tuple[str, ...]:
        """Return the groups of a new recovery code; what is in the drawer is good until `adopt_recovery`."""
        return self._recoveries.propose_sheet()

    def adopt_recovery(self, groups: tuple[str, ...]) -> None:
        """Let a proposed code take the place of what was printed before; raises as `Recoveries.adopt_sheet`."""
        self._recoveries.adopt_sheet(groups)

    def uses_device_secret(self) -> bool:
        """Whether the passphrase works only with this computer's keyring."""
        return self._desk.vault.uses_device_secret()

    def lock(self) -> None:
        """Lock; never refused."""
        self._desk.vault.lock()

    def raw_key(self) -> str:
        """Return the store's key for the stock `sqlcipher` program, and note that it was shown."""
        with self._desk.vault.work() as session:
            self._desk.note(session, "reveal", "key")
        return self._desk.vault.raw_key()

    def write_sqlcipher3_copy(self, target: Path) -> None:
        """Write an encrypted copy that SQLCipher 3 (such as Debian 12's program) opens with the same key.

        Raises VaultExists when there is a file already.
        """
        if target.exists():
            raise VaultExists(folder=target)
        with self._desk.vault.work() as session:  # before: what leaves is never without its line
            self._desk.note(session, "copy_out", "vault")
        self._desk.vault.copy_for_sqlcipher3(target)

    def operator(self) -> OperatorRow | None:
        """Return who opened the register, with the role that her keys prove; None when the recovery code did."""
        who = self._desk.vault.operator
        row = next((row for row in self.operators() if row.id == who), None)
        if row is None:
            return None
        with self._desk.vault.work() as session:
            role, is_unproved = self._desk.role(session) or row.role, self._desk.is_unproved(session)
        vault = self._desk.vault
        misplaced = vault.doors.misplaced()
        return replace(
            row,
            role=role,
            is_unproved=is_unproved,
            has_key_faults=len(vault.doors.faults()) > len(misplaced),
            has_row_faults=bool(misplaced),
            were_rows_mended=self._mended,
            keys_await=vault.awaits_new_key,
        )

    def operators(self) -> list[OperatorRow]:
        """Return the operators who work here, in order of their names."""
        here = self._desk.vault.doors.slots_here()
        with self._desk.vault.work() as session:
            rows = session.scalars(select(Operator).where(Operator.left_at.is_(None)).order_by(Operator.display_name))
            return [OperatorRow(OperatorId(o.id), o.login, o.display_name, o.role, o.slot in here) for o in rows]
