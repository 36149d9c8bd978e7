"""Backups of the open register: made in steps, listed, tried; when the last one was, and whether one is due.

What touches the folder for the copies opens no transaction, so that a worker of files can do it; what remembers does.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import update

from app.errors import BackupPlaceMissing
from app.models.night import HOUSE_ZONE
from app.models.retention import BackupCopy
from app.models.work import Setting
from app.services.desk import Desk
from app.vault.backup import Copy, copies_in, making, read_copy, trying
from app.vault.backup import State as TrialState
from app.vault.step import Done, Progress, SteppedWork

if TYPE_CHECKING:
    import threading

    from sqlalchemy.orm import Session

    from app.services.recovery import Kind
    from app.vault.step import Steps

__all__ = ["Backups", "CopyRow", "Done", "Look", "Place", "Progress", "Reminder", "SteppedWork", "TrialState"]

LATE_AFTER_DAYS = 3
LAST = "backup_last"
ONE_DAY = timedelta(days=1)
"""So far may clocks lie apart that are set by hand."""


@dataclass(frozen=True, slots=True)
class Place:
    """The folder for the copies; `other_disk` tells whether it was on another disk when it was chosen."""

    folder: Path
    other_disk: bool = False

    @classmethod
    def named(cls, folder: str, *, other_disk: bool) -> Place | None:
        """Return the place that this computer's settings name, None when they name none."""
        return cls(Path(folder), other_disk) if folder else None


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A backup as a list shows it; `fault` is empty when it looks whole."""

    path: Path
    made_at: datetime | None
    size: int
    label: str
    fault: str = ""
    is_ours: bool = True
    """Whether it is of the register that is open, or of any when none is."""
    schema: int | None = None
    """The number of the store in it; None where nobody can tell."""
    paper: Kind | None = None
    """What opens it from paper; None where that was not looked at, or nobody can tell."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was found in the folder for the copies."""

    rows: tuple[CopyRow, ...]
    is_due: bool
    newest: datetime | None
    """When the newest whole copy of this register was made; one that is dated ahead does not count."""
    other_disk: bool
    free: int


@dataclass(frozen=True, slots=True)
class Reminder:
    """What the register itself remembers of its copies, also when the stick is not in."""

    has_place: bool
    last: datetime | None
    days: int | None
    """Days since the last copy; None when there never was one, or when it is dated ahead and nobody can tell."""

    @property
    def is_late(self) -> bool:
        """Whether somebody should do something about it."""
        return not self.has_place or self.days is None or self.days >= LATE_AFTER_DAYS


class Backups:
    """The backups of the register at the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._is_watched = False
        self._place: Place | None = None
        self._not_before: datetime | None = None
        self._thinned: list[str] = []
        """Copies that newer ones made needless, until the register has taken note."""

    def watch(self, place: Place | None) -> None:
        """Take note of where this computer keeps the copies; None when nowhere yet."""
        self._is_watched, self._place = True, place

    def date_after(self, moment: datetime) -> None:
        """Let no copy that is begun from now on bear this second or an earlier one: somebody was erased in it."""
        self._not_before = moment.replace(microsecond=0) + timedelta(seconds=1)

    # --- the folder: no transaction is opened here ------------------------------------------------------------

    def making(self, place: Place) -> SteppedWork[CopyRow]:
        """Return the work that makes a copy in a folder and thins the older ones; raises as `vault.backup.making`."""
        return SteppedWork(partial(self._making, place))

    def _making(self, place: Place, stop: threading.Event) -> Steps[CopyRow]:
        self._require_there(place)
        now = self._desk.now()
        if self._not_before is not None:
            now = max(now, self._not_before)
        thinned: list[str] = []
        made = yield from making(self._desk.vault, place.folder, now, stop, thinned)
        self._thinned += thinned
        return row_of(made, self._desk.vault.label())

    def trying(self, row: CopyRow) -> SteppedWork[TrialState]:
        """Return the work that proves a copy, byte by byte and with the key; raises as `vault.backup.trying`."""
        return SteppedWork(lambda stop: trying(self._desk.vault, read_copy(row.path), stop))

    def list_rows(self, folder: Path) -> list[CopyRow]:
        """Return the copies in a folder, the newest whole one first; raises BackupPlaceMissing."""
        return [row_of(copy, self._desk.vault.label()) for copy in copies_in(folder)]

    def look(self, place: Place) -> Look:
        """Return what is in the folder, and whether a copy is due there today; raises BackupPlaceMissing."""
        self._require_there(place)
        rows = self.list_rows(place.folder)
        mine = [row.made_at for row in rows if row.is_ours and not row.fault and row.made_at is not None]
        mine = [made for made in mine if not is_ahead(made, self._desk.now())]
        today = _local_day(self._desk.now())
        return Look(
            rows=tuple(rows),
            is_due=all(_local_day(made) != today for made in mine),
            newest=max(mine, default=None),
            other_disk=self.is_on_other_disk(place.folder),
            free=_free(place.folder),
        )

    def is_on_other_disk(self, folder: Path) -> bool:
        """Tell whether a folder lies on another disk than the register; what takes this computer takes the others."""
        try:
            return folder.stat().st_dev != self._desk.vault.folder.stat().st_dev
        except OSError:
            return False

    def _require_there(self, place: Place) -> None:
        """Raise BackupPlaceMissing also when only the empty place of a stick is there, on this computer's own disk."""
        if not place.folder.is_dir() or (place.other_disk and not self.is_on_other_disk(place.folder)):
            raise BackupPlaceMissing(folder=place.folder)

    # --- what the register remembers --------------------------------------------------------------------------

    def remember(self, made_at: datetime, *, made_now: bool) -> bool:
        """Keep when the newest copy was made; one that was made just now is also noted in the trail.

        Returns whether that was news.
        """
        gone, self._thinned = self._thinned, []
        with self._desk.vault.work() as session:
            if gone:
                thinned = BackupCopy.name.in_(gone), BackupCopy.gone_at.is_(None)
                session.execute(update(BackupCopy).where(*thinned).values(gone_at=self._desk.now()))
            known = _last(session)
            if known is not None and is_ahead(known, self._desk.now()):
                known = None
            if made_at == known or not (made_now or known is None or known < made_at):
                return False
            session.merge(Setting(name=LAST, value=made_at.astimezone(UTC).isoformat()))
            if made_now:
                self._desk.note(session, "backup", "vault")
            return True

    def last(self) -> datetime | None:
        """Return when the last copy was made that the register knows of."""
        with self._desk.vault.work() as session:
            return _last(session)

    def reminder(self) -> Reminder | None:
        """Return how long ago the last copy was made; None where nobody watches over copies."""
        if not self._is_watched:
            return None
        last = self.last()
        unknown = last is None or is_ahead(last, self._desk.now())
        days = None if last is None or unknown else days_between(last, self._desk.now())
        return Reminder(self._place is not None, last, days)


def row_of(copy: Copy, our_label: str | None) -> CopyRow:
    """Return a backup as a list shows it; without a label of ours every one is."""
    found = copy.manifest
    if found is None:
        return CopyRow(copy.path, None, 0, "", copy.fault or "unreadable", is_ours=our_label is None)
    ours = our_label in (None, found.label)
    return CopyRow(copy.path, found.made_at, found.size, found.label, copy.fault, is_ours=ours, schema=found.schema)


def is_ahead(made_at: datetime | None, now: datetime) -> bool:
    """Tell whether a copy is dated after the present moment: the clock was ahead then, or is behind now."""
    return made_at is not None and made_at > now + ONE_DAY


def days_between(earlier: datetime, later: datetime) -> int:
    """Return how many days of the house's calendar lie between two moments, never fewer than none."""
    return max(0, (_local_day(later) - _local_day(earlier)).days)


def _local_day(moment: datetime) -> date:
    return moment.astimezone(HOUSE_ZONE).date()


def _last(session: Session) -> datetime | None:
    found = session.get(Setting, LAST)
    return datetime.fromisoformat(found.value) if found is not None else None


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0
