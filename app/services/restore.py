"""A backup put in the place of the register, and the pause of sending that follows until somebody confirms it.

The pause is written into the restored register before it is in its place, so that none is ever without it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.errors import BackupAmbiguous, BackupMissing, BackupPlaceMissing, VaultError
from app.models.house import House
from app.models.night import Month
from app.models.stay import Stay
from app.models.work import Enrolment, OutboxItem, Setting
from app.services.backup import LAST, CopyRow, is_ahead, row_of
from app.services.desk import Desk
from app.services.recovery import Kind, paper_kind
from app.services.role import may_coordinate
from app.vault.backup import Copy, copies_in, read_copy
from app.vault.keyslot import KeyFile
from app.vault.manifest import NAME
from app.vault.place import KEYS
from app.vault.restore import ByCards, ByPassphrase, ByRecoveryCode, Restored, WayIn, is_taken, restoring
from app.vault.step import SteppedWork

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.vault.vault import Vault

__all__ = ["ByCards", "ByPassphrase", "ByRecoveryCode", "Doubt", "Pause", "Restored", "Restores", "WayIn", "is_paused"]

RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A month of which this register knows no report: the old computer may have sent one after the copy."""

    house_name: str
    month: Month


@dataclass(frozen=True, slots=True)
class Pause:
    """Sending waits: the register was restored, and nobody has said yet that this computer goes on."""

    restored_at: datetime
    copy_made_at: datetime
    doubts: tuple[Doubt, ...]
    may_confirm: bool = True
    """Whether who is at the desk may let sending go on."""


class Restores:
    """Putting a backup back, on a computer that has no register or one that does not open any more."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def list_rows(self, folder: Path) -> list[CopyRow]:
        """Return the copies of any register in a folder, in a folder of it, or the one that it is, with their paper.

        Raises BackupPlaceMissing.
        """
        return [replace(row_of(copy, None), paper=_paper(copy)) for copy in _copies_around(folder)]

    def newest(self, folder: Path) -> CopyRow:
        """Return the newest whole copy, of those that are not dated ahead if there are any.

        Raises BackupMissing, BackupPlaceMissing, or BackupAmbiguous.
        """
        rows = [row for row in self.list_rows(folder) if not row.fault]
        labels = sorted({row.label for row in rows})
        if not rows:
            raise BackupMissing(folder=folder)
        if len(labels) > 1:
            raise BackupAmbiguous(labels=", ".join(labels))
        return next((row for row in rows if not is_ahead(row.made_at, self._desk.now())), rows[0])

    def is_register_in_the_way(self) -> bool:
        """Tell whether something lies where the register would go; it is set aside only when somebody says so."""
        return is_taken(self._desk.vault.folder)

    def restoring(self, row: CopyRow, way: WayIn, *, set_aside: bool) -> SteppedWork[Restored]:
        """Return the work that puts a copy in the place of the register; raises as `app.vault.restore.restoring`.

        The register must be locked.
        """
        vault = self._desk.vault
        return SteppedWork(
            lambda stop: restoring(
                read_copy(row.path), vault, way, stop, make_ready=self._make_ready, set_aside=set_aside
            )
        )

    def _make_ready(self, vault: Vault, copy_made_at: datetime) -> None:
        desk = Desk(vault, self._desk.clock)
        told = {"at": desk.now().astimezone(UTC).isoformat(), "copy": copy_made_at.astimezone(UTC).isoformat()}
        with vault.work() as session:
            session.merge(Setting(name=RESTORED, value=json.dumps(told)))
            session.merge(Setting(name=LAST, value=told["copy"]))
            desk.note(session, "restore", "vault")

    # --- the pause --------------------------------------------------------------------------------------------

    def pause(self) -> Pause | None:
        """Return why sending waits, or None when it does not."""
        with self._desk.vault.work() as session:
            found = session.get(Setting, RESTORED)
            if found is None:
                return None
            told = json.loads(found.value)
            return Pause(
                datetime.fromisoformat(told["at"]),
                datetime.fromisoformat(told["copy"]),
                _doubts(session, Month.of(self._desk.today())),
                may_coordinate(self._desk.role(session)),
            )

    def confirm(self) -> None:
        """Let sending go on: this computer is the one that goes on, and the old one sends no more.

        Raises RoleMayNot.
        """
        with self._desk.vault.work() as session:
            self._desk.require_coordination(session)
            found = session.get(Setting, RESTORED)
            if found is not None:
                session.delete(found)
                self._desk.note(session, "confirm", "restore")


def is_paused(session: Session) -> bool:
    """Tell inside a transaction whether sending waits for somebody's word after a restore."""
    return session.get(Setting, RESTORED) is not None


def _copies_around(folder: Path) -> list[Copy]:
    if (folder / NAME).exists():
        return [read_copy(folder)]
    found = copies_in(folder)
    if found:
        return found
    try:
        inside = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    except OSError as missing:
        raise BackupPlaceMissing(folder=folder) from missing
    return [copy for path in sorted(inside) for copy in _readable(path)]


def _paper(copy: Copy) -> Kind | None:
    """Return what opens a copy from paper; a key file that cannot be read is told when the copy is tried."""
    try:
        return paper_kind(KeyFile.read(copy.path / KEYS))
    except VaultError:
        return None


def _readable(folder: Path) -> list[Copy]:
    try:
        return copies_in(folder)
    except BackupPlaceMissing:
        return []


def _doubts(session: Session, this_month: Month) -> tuple[Doubt, ...]:
    """Return the months that are over, of enrolled houses, of which no report was ever released here."""
    known = {(house, month) for house, month in session.execute(select(OutboxItem.house_id, OutboxItem.month))}
    enrolled = session.execute(
        select(House.id, House.name, func.min(Stay.entered_on))
        .join(Enrolment, Enrolment.house_id == House.id)
        .join(Stay, Stay.house_id == House.id)
        .group_by(House.id)
        .order_by(House.name)
    )
    found = []
    for house, name, first in enrolled:
        month = Month.of(first)
        while month < this_month:
            if (house, str(month)) not in known:
                found.append(Doubt(name, month))
            month = month.next()
    return tuple(found)
