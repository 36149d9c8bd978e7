"""Copies of the register that could not be made, trusted or put back.

The register and the copies that were there before are as they were.
"""

from __future__ import annotations

from app.errors.base import ApprodoError


class BackupError(ApprodoError):
    """A backup could not be made or used; nothing that was there before was touched."""

    key = "error.backup"


class BackupPlaceMissing(BackupError):
    """The folder for the copies is not there: most often the stick is not in."""

    key = "error.backup_place_missing"


class BackupPlaceFull(BackupError):
    """The folder for the copies has no room for one more."""

    key = "error.backup_place_full"


class BackupNotWritten(BackupError):
    """The folder for the copies cannot be written, or what was written does not read back the same."""

    key = "error.backup_not_written"


class BackupInRegister(BackupError):
    """The folder for the copies lies inside the register's own: what takes the one would take the other."""

    key = "error.backup_in_register"


class BackupNoRoomHere(BackupError):
    """The disk of this computer has no room to prepare a copy, or to bring one back."""

    key = "error.backup_no_room_here"


class BackupStopped(BackupError):
    """Somebody stopped it, or the register was locked; no half copy is left."""

    key = "error.backup_stopped"


class BackupDamaged(BackupError):
    """A copy is not what was written when it was made; `file` says which of its files."""

    key = "error.backup_damaged"


class BackupMissing(BackupError):
    """There is no whole copy where somebody looked for one."""

    key = "error.backup_missing"


class BackupAmbiguous(BackupError):
    """A folder holds copies of several registers (`labels`); somebody has to say which."""

    key = "error.backup_ambiguous"


class RegisterInTheWay(BackupError):
    """There is a register where the copy would go; it is only set aside when somebody says so."""

    key = "error.register_in_the_way"


class RestoreNotPlaced(BackupError):
    """The restored register cannot be put in its place (`folder`); what was there is untouched."""

    key = "error.restore_not_placed"
