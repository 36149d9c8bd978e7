"""Backups that were made before somebody was erased and still hold her: known by name, removed where they are found.

Those on a stick that is not in are remembered until it is, or until somebody says that they are destroyed; that one is
missing from a folder says nothing, for two sticks come to the same path. Registers that were set aside on this computer
are among them, and backups from before health and law were sealed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from app.models.retention import BackupCopy, Erasure
from app.services.backup import CopyRow, Place
from app.services.desk import Desk
from app.services.role import may_erase
from app.vault.scrub import SEALED_FROM, clear_copies, discard, drop_clear, scrub, set_aside

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_NAME = re.compile(r"copia-(\d{8}T\d{6}Z)-([0-9A-F]{8})(?:-\d+)?")
_ASIDE = re.compile(r"(?:-da-parte-|^orphan-)(\d{8}T\d{6})")
"""The name of a register that was set aside on this computer, with when that was."""


@dataclass(frozen=True, slots=True)
class OldCopy:
    """A backup that still holds somebody who was erased, and where it was last seen."""

    name: str
    folder: Path
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look into a folder told: the names of old copies in it, and whether one made since is there."""

    old: tuple[str, ...]
    has_new: bool
    is_news: bool
    """Whether more or fewer old copies are to be destroyed than was known before."""


class OldCopies:
    """What the register knows of its backups, and which of them must go."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # --- what the register remembers --------------------------------------------------------------------------

    def see(self, folder: Path, rows: Sequence[CopyRow]) -> Seen:
        """Take note of what is in a folder; return what must go from it, and whether a new copy must be made first."""
        seen = _ours(rows, self._desk.vault.label())
        with self._desk.vault.work() as session:
            known = {row.name: row for row in session.scalars(select(BackupCopy))}
            erased_at = session.scalar(select(func.max(Erasure.at)))
            before = _pending(known.values())
            in_clear = {row.path.name for row in rows if row.schema is not None and row.schema < SEALED_FROM}
            for name, made_at in seen.items():
                if name not in known:
                    known[name] = BackupCopy(name=name, folder=str(folder), made_at=made_at, is_stale=False)
                    session.add(known[name])
                row = known[name]
                row.folder = str(folder)
                row.gone_at = row.gone_by = None  # even if somebody said that it is destroyed: here it is
                # of two within one second nobody can tell which came first
                row.is_stale = row.is_stale or name in in_clear or (erased_at is not None and made_at <= erased_at)
            self._see_here(session, erased_at)
            whole = {row.path.name for row in rows if not row.fault}
            session.flush()
            answer = Seen(
                tuple(name for name in seen if known[name].is_stale),
                has_new=any(name in whole and not known[name].is_stale for name in seen),
                is_news=_pending(session.scalars(select(BackupCopy))) != before,
            )
        if answer.has_new:
            drop_clear(self._desk.vault)
        self.tidy()  # what could not be taken away at once
        return answer

    def _see_here(self, session: Session, erased_at: datetime | None) -> None:
        """Take note of the registers that were set aside on this computer: nobody but people removes them."""
        here = {path.name: path for path in set_aside(self._desk.vault)}
        for name, path in here.items():
            row = session.get(BackupCopy, name)
            if row is None:
                row = BackupCopy(name=name, folder=str(path.parent), made_at=_aside_at(path), is_stale=False)
                session.add(row)
            row.gone_at = row.gone_by = None
            row.is_stale = row.is_stale or (erased_at is not None and row.made_at <= erased_at)
        for row in session.scalars(select(BackupCopy).where(BackupCopy.gone_at.is_(None))):
            if _ASIDE.search(row.name) and row.name not in here:
                row.gone_at = self._desk.now()

    def removed(self, names: Iterable[str]) -> None:
        """Take note that old copies were removed."""
        gone = list(names)
        if not gone:
            return
        with self._desk.vault.work() as session:
            rows = session.scalars(select(BackupCopy).where(BackupCopy.name.in_(gone), BackupCopy.gone_at.is_(None)))
            found = list(rows)
            for row in found:
                row.gone_at = self._desk.now()
            last = session.scalar(select(Erasure).order_by(Erasure.id.desc()).limit(1))
            if last is not None:
                last.copies_removed += len(found)
            self._desk.note(session, "delete", "backup")

    def confirm(self, names: Iterable[str]) -> None:
        """Take somebody's word that old copies are destroyed; raises RoleMayNot."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_erase)
            rows = session.scalars(select(BackupCopy).where(BackupCopy.name.in_(list(names))))
            for row in rows:
                row.gone_at, row.gone_by = self._desk.now(), self._desk.vault.operator
            self._desk.note(session, "confirm", "backup")

    def pending(self) -> tuple[OldCopy, ...]:
        """Return the old copies that are not known to be gone, the oldest first."""
        with self._desk.vault.work() as session:
            return self.read(session)

    def read(self, session: Session) -> tuple[OldCopy, ...]:
        """Return the same inside a transaction that is already open."""
        query = select(BackupCopy).where(BackupCopy.is_stale, BackupCopy.gone_at.is_(None)).order_by(BackupCopy.made_at)
        here = {path.name for path in set_aside(self._desk.vault)}
        return tuple(
            OldCopy(row.name, Path(row.folder), row.made_at)
            for row in session.scalars(query)
            if row.name in here or not _ASIDE.search(row.name)
        )

    def mark_all(self, session: Session) -> None:
        """Let every copy known so far be an old one: somebody is being erased in this transaction.

        Also those that are said to be gone: one may turn up again.
        """
        self._see_here(session, None)
        session.flush()
        session.execute(update(BackupCopy).values(is_stale=True))

    def count_clear(self) -> int:
        """Return how many copies of before a migration, on this computer, hold in clear what is sealed now."""
        return len(clear_copies(self._desk.vault))

    # --- the disk: no transaction is open while it is touched -------------------------------------------------

    def discard(self, place: Place, names: Sequence[str]) -> list[str]:
        """Remove copies from a folder, which may take long, and return those that are gone; needs no key."""
        return discard(place.folder, names)

    def tidy(self) -> None:
        """Take away what lies beside the store of those who were erased, if that was not done yet."""
        with self._desk.vault.work() as session:
            waits = session.scalar(select(func.count(Erasure.id)).where(Erasure.tidied_at.is_(None)))
        if not waits:
            return
        if not scrub(self._desk.vault):
            return  # somebody is reading; the next look, or the next unlock, tries again
        with self._desk.vault.work() as session:
            session.execute(update(Erasure).where(Erasure.tidied_at.is_(None)).values(tidied_at=self._desk.now()))
            self._desk.note(session, "tidy", "erasure")


def _aside_at(path: Path) -> datetime:
    found = _ASIDE.search(path.name)
    if found is None:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def _pending(rows: Iterable[BackupCopy]) -> int:
    return sum(row.is_stale and row.gone_at is None for row in rows)


def _ours(rows: Sequence[CopyRow], label: str) -> dict[str, datetime]:
    """Return our copies by name, with when they were made; one that is not whole is known by its name alone."""
    found = {}
    for row in rows:
        named = _NAME.fullmatch(row.path.name)
        if row.made_at is not None and row.is_ours:
            found[row.path.name] = row.made_at
        elif row.made_at is None and named is not None and named[2] == label:
            found[row.path.name] = datetime.strptime(named[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return found
