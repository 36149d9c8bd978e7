"""Opening and locking the register, its first set-up, and its keys, as the window and the command line ask for them.

Nothing of the register's content is handled here.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import VaultExists, WrongRecoveryCode
from app.models.work import Operator
from app.reference.codelist import require
from app.reference.ids import HouseId, OperatorId
from app.services.desk import Desk
from app.services.house import HouseDraft, Houses, ProjectDraft
from app.services.setting import Settings, WorkSettings
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


@dataclass(frozen=True, slots=True)
class SetupDone:
    """What a set-up gives back: the recovery code to print, and whether this computer's keyring protects the store."""

    house: HouseId
    recovery_groups: tuple[str, ...]
    device_secret: bool


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """An operator as the window shows her."""

    id: OperatorId
    login: str
    display_name: str
    role: str


class Access:
    """The way in and out."""

    def __init__(self, desk: Desk, houses: Houses, settings: Settings) -> None:
        self._desk = desk
        self._houses = houses
        self._settings = settings

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
        with self._making(draft, cost) as code:
            house = self.add_first_house(draft.ente, draft.house, draft.project)
        return SetupDone(house, tuple(code.groups()), self.uses_device_secret())

    def make_empty(self, draft: OwnerDraft, cost: KdfCost | None = None) -> tuple[str, ...]:
        """Make the register with its first operator and no house yet; return the groups of its recovery code."""
        with self._making(draft, cost) as code:
            self._settings.change(WorkSettings(ente=draft.ente))
        return tuple(code.groups())

    def _making(self, draft: OwnerDraft, cost: KdfCost | None) -> AbstractContextManager[RecoveryCode]:
        require("role", draft.role)
        return self._desk.vault.making(
            draft.passphrase, login=draft.login, display_name=draft.display_name, role=draft.role, cost=cost
        )

    def add_first_house(self, ente: str, house: HouseDraft, project: ProjectDraft | None) -> HouseId:
        """Write the ente's name and make its first house, with the project that pays for it."""
        self._settings.change(WorkSettings(ente=ente))
        paid_by = self._houses.add_project(project) if project else None
        return self._houses.add(replace(house, project=paid_by) if paid_by else house)

    def unlock(self, passphrase: str) -> None:
        """Open the register; raises as `Vault.unlock`."""
        self._desk.vault.unlock(passphrase)
        self._note_opening("unlock")

    def unlock_with_recovery(self, code: str) -> None:
        """Open the register with the printed recovery code alone; raises WrongRecoveryCode or as `unlock`."""
        self._desk.vault.unlock_with_recovery(code)
        self._note_opening("recover")

    def _note_opening(self, how: str) -> None:
        """Note an opening; an opening that cannot be noted (full disk, busy store) is none."""
        try:
            with self._desk.vault.work() as session:
                self._desk.note(session, how, "vault")
        except BaseException:
            self._desk.vault.lock()
            raise

    def is_my_passphrase(self, passphrase: str) -> bool:
        """Tell whether a passphrase is that of the operator at the desk; it pays one derivation."""
        return self._desk.vault.is_my_passphrase(passphrase)

    def check_recovery_code(self, text: str) -> int | None:
        """Return the first wrong group (1 to 8), 0 for a wrong length, or None when the code is well formed."""
        try:
            RecoveryCode.parse(text)
        except WrongRecoveryCode as wrong:
            return int(str(wrong.params["group"]))
        return None

    def set_passphrase(self, operator: OperatorId, passphrase: str) -> None:
        """Give an operator a new passphrase; raises WeakPassphrase or VaultLocked."""
        self._desk.vault.set_passphrase(operator, passphrase)
        with self._desk.vault.work() as session:
            self._desk.note(session, "passphrase", "operator", operator)

    def propose_recovery(self) -> tuple[str, ...]:
        """Return the groups of a new recovery code; the sheet in the drawer is good until `adopt_recovery`."""
        return tuple(RecoveryCode.new().groups())

    def adopt_recovery(self, groups: tuple[str, ...]) -> None:
        """Let a proposed code take the place of the old one, and note it.

        Raises VaultLocked, RoleMayNot or WrongRecoveryCode.
        """
        with self._desk.vault.work() as session:
            self._desk.require_coordination(session)
        self._desk.vault.adopt_recovery(RecoveryCode.parse("".join(groups)))
        with self._desk.vault.work() as session:
            self._desk.note(session, "renew", "recovery")

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
        self._desk.vault.copy_for_sqlcipher3(target)

    def operator(self) -> OperatorRow | None:
        """Return who opened the register; None when the recovery code did."""
        who = self._desk.vault.operator
        return next((row for row in self.operators() if row.id == who), None)

    def operators(self) -> list[OperatorRow]:
        """Return all operators in order of their names."""
        with self._desk.vault.work() as session:
            rows = session.scalars(select(Operator).order_by(Operator.display_name))
            return [OperatorRow(OperatorId(o.id), o.login, o.display_name, o.role) for o in rows]
