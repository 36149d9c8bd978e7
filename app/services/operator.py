"""The operators of the register: letting them in, their roles, lost passphrases, leaving, and the keys changed after.

Whoever coordinates does it; nobody sees anybody's passphrase, and nobody who left is erased from the history.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from app.errors import (
    FieldMissing,
    HerPassphraseWrong,
    LastCoordination,
    NotFound,
    NotOneself,
    OperatorHasLeft,
    OperatorNameTaken,
    VaultError,
    WrongPassphrase,
)
from app.models.night import house_day
from app.models.work import Operator
from app.reference.codelist import require
from app.reference.ids import OperatorId
from app.services.desk import Desk
from app.services.operator_name import note_first_names, note_name
from app.services.role import COORDINATION, compartments_of, may_manage_operators

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.vault.door import Lined, Noted

Access = Literal["opens", "elsewhere", "none", "left"]
"""Whether an operator's passphrase opens here, was bound to another computer, is not set, or she has left."""

Told = Callable[[int, int], object]
LONGEST_LOGIN = 40

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OperatorDraft:
    """Somebody to be let in."""

    display_name: str
    role: str


@dataclass(frozen=True, slots=True)
class OperatorEntry:
    """An operator as the settings show her."""

    id: OperatorId
    display_name: str
    role: str
    access: Access
    is_me: bool
    left_on: date | None = None
    is_misplaced: bool = False
    """Whether her row names the passphrase of somebody else: nobody wrote that with this program."""
    opened: frozenset[str] | None = None
    """The compartments that her passphrase opens by the key file; None where she has none."""

    @property
    def opens_other(self) -> bool:
        """Whether her keys are not those of her role, until somebody gives her the role once more."""
        return self.opened is not None and self.opened != compartments_of(self.role)


class Operators:
    """Who works with the register."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def list_rows(self) -> list[OperatorEntry]:
        """Return all operators: those who work here by name, then those who left."""
        vault = self._desk.vault
        here, misplaced = vault.doors.slots_here(), vault.doors.misplaced()
        opened = {} if misplaced else vault.doors.opened()  # by the slots of rows that are believed
        with vault.work() as session:
            rows = session.scalars(select(Operator).order_by(Operator.left_at.is_not(None), Operator.display_name))
            return [
                OperatorEntry(
                    OperatorId(row.id),
                    row.display_name,
                    row.role,
                    _access(row, here),
                    row.id == vault.operator,
                    house_day(row.left_at) if row.left_at is not None else None,
                    is_misplaced=row.id in misplaced,
                    opened=opened.get(OperatorId(row.id)),
                )
                for row in rows
            ]

    def may_manage(self) -> bool:
        """Tell whether who is at the desk may change anything of this."""
        with self._desk.vault.work() as session:
            return may_manage_operators(self._desk.role(session))

    # --- changing ---------------------------------------------------------------------------------------------

    def add(self, draft: OperatorDraft, passphrase: str) -> OperatorId:
        """Let somebody in, with the passphrase that she typed herself.

        Raises RoleMayNot, FieldMissing, UnknownCode, OperatorNameTaken, WeakPassphrase or PassphraseTaken.
        """
        name = " ".join(draft.display_name.split())
        if not name:
            raise FieldMissing(field="operator")
        require("role", draft.role)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_manage_operators)
            _require_free_name(session, name)
            login = _free_login(session, name)
        return self._desk.vault.doors.add_operator(
            passphrase,
            login=login,
            display_name=name,
            role=draft.role,
            names=compartments_of(draft.role),
            noted=self._noting_arrival(name),
        )

    def set_passphrase(self, operator: OperatorId, passphrase: str) -> None:
        """Give an operator a new passphrase: her own, or by who coordinates, or after opening from paper.

        Made by somebody else, it opens no more than the role that is shown of her. Raises RoleMayNot, OperatorHasLeft,
        WeakPassphrase, PassphraseTaken or VaultDamaged.
        """
        vault = self._desk.vault
        with vault.work() as session:
            role = _present(session, operator).role
            if vault.operator not in (operator, None):
                self._desk.require_role(session, may_manage_operators)
        names = None if vault.operator == operator else compartments_of(role)
        vault.doors.set_passphrase(operator, passphrase, names, noted=self._noting("passphrase"))

    def change_role(self, operator: OperatorId, role: str, hers: str = "") -> None:
        """Give an operator another role; `hers` is her passphrase, needed where the role opens more (`opens_more`).

        Raises RoleMayNot, OperatorHasLeft, NotOneself, LastCoordination, HerPassphraseNeeded or HerPassphraseWrong.
        """
        require("role", role)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_manage_operators)
            is_said = _present(session, operator).role == role
            if not is_said:
                self._refuse_oneself(session, operator)
        if is_said and self._desk.vault.doors.opened().get(operator, compartments_of(role)) == compartments_of(role):
            return  # where row and keys differ, because somebody wrote the row, it is done once more
        try:
            self._desk.vault.doors.change_role(
                operator, role, compartments_of, hers, noted=self._noting("role"), lined=self._lining()
            )
        except WrongPassphrase as wrong:  # whose it is must be said: there are two on the form
            raise HerPassphraseWrong from wrong

    def leave(self, operator: OperatorId) -> None:
        """Take an operator's access away at once; `renew_keys` finishes it. Raises as `change_role`.

        She stays in the history, by name, with the day on which she left.
        """
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_manage_operators)
            _present(session, operator)
            self._refuse_oneself(session, operator)
        self._desk.vault.doors.remove_operator(
            operator, self._desk.now(), compartments_of, noted=self._noting("leave"), lined=self._lining()
        )

    # --- keys -------------------------------------------------------------------------------------------------

    def ask_new_keys(self) -> None:
        """Begin new keys for everything, as after a suspected loss; `renew_keys` finishes it. Raises RoleMayNot."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_manage_operators)
        self._desk.vault.doors.ask_new_store_key(compartments_of, self._lining())

    def keys_await(self) -> bool:
        """Tell whether a change of keys was begun and not finished."""
        return self._desk.vault.awaits_new_key

    def key_faults(self) -> list[str]:
        """Return what is wrong with the key file: lists of who opens what that no holder wrote, changes cut off."""
        vault = self._desk.vault
        return vault.doors.faults() + (["renewal: not finished"] if vault.awaits_new_key else [])

    def renew_keys(self, told: Told = lambda _done, _of: None) -> None:
        """Finish a change of keys, telling how many pages are done; may be done again after a crash.

        What `told` raises stops it, and the register stays open under its old key. Raises VaultBusy while another
        program has the register open, DiskFull, VaultReadOnly or VaultDamaged.
        """
        vault = self._desk.vault
        if vault.awaits_new_key:
            vault.change_store_key(told)
        vault.doors.settle(compartments_of, self._lining())

    def put_rows_right(self) -> bool:
        """Let rows that name another's passphrase name their own again; return whether there were any to mend.

        After an opening from paper, which never fails by it.
        """
        try:
            return self._desk.vault.doors.put_rows_right(self._noting("put_right"))
        except VaultError as later:
            log.warning("rows of operators wait to be put right: %s", type(later).__name__)
            return False

    def settle(self) -> None:
        """Tidy, after an opening, what a crash may have left of a change; an opening never fails by it.

        The store is not copied here: nobody waits for that before the first page. `keys_await` tells that it must be.
        """
        vault = self._desk.vault
        try:
            note_first_names(self._desk)
            vault.doors.settle(compartments_of, self._lining())
            if vault.awaits_new_key and vault.is_under_newest_key:
                self.renew_keys()
        except VaultError as later:
            log.warning("a change of keys waits: %s", type(later).__name__)

    # --- inside -----------------------------------------------------------------------------------------------

    def _refuse_oneself(self, session: Session, operator: OperatorId) -> None:
        if operator != self._desk.vault.operator:
            return
        others = session.scalars(
            select(Operator.id).where(
                Operator.role == COORDINATION, Operator.slot.is_not(None), Operator.id != operator
            )
        ).first()
        raise LastCoordination if others is None else NotOneself

    def _lining(self) -> Lined:
        """Return what notes that keys were changed, likewise."""
        return lambda session: self._desk.note(session, "renew", "key")

    def _noting_arrival(self, name: str) -> Noted:
        """Return what notes that somebody was let in, and what she is called."""

        def noted(session: Session, operator: OperatorId) -> None:
            self._desk.note(session, "add", "operator", operator)
            note_name(self._desk, session, operator, name)

        return noted

    def _noting(self, action: str) -> Noted:
        """Return what notes a change of an operator's row, in the very transaction of the change."""
        return lambda session, operator: self._desk.note(session, action, "operator", operator)


def _access(row: Operator, here: frozenset[str]) -> Access:
    if row.left_at is not None:
        return "left"
    if row.slot is None:
        return "none"
    return "opens" if row.slot in here else "elsewhere"


def _present(session: Session, operator: OperatorId) -> Operator:
    """Return the row of somebody who works here; raises NotFound or OperatorHasLeft."""
    row = session.get(Operator, operator)
    if row is None:
        raise NotFound(what="operator", id=operator)
    if row.left_at is not None:
        raise OperatorHasLeft
    return row


def _require_free_name(session: Session, name: str) -> None:
    taken = session.scalars(select(Operator.display_name).where(Operator.left_at.is_(None)))
    if name.casefold() in {other.casefold() for other in taken}:
        raise OperatorNameTaken(name=name)


def _free_login(session: Session, name: str) -> str:
    """Return a short name that nobody had yet; people are never asked for it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = "".join(sign for sign in plain if sign.isalnum())[: LONGEST_LOGIN - 4] or "operatrice"
    taken = set(session.scalars(select(Operator.login)))
    return next(login for n in range(1, 10_000) if (login := stem if n == 1 else f"{stem}{n}") not in taken)
