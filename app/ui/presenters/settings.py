"""What the page of settings says: the place in the network, the shelter's own choices, what protects the register.

Plain Python; this computer's settings are read from `app.platform.machine`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import ApprodoError, EnrolmentRefused
from app.platform.machine import THEMES
from app.reference.texts import languages, say_error, tr
from app.sync.outcome import refusal_key

if TYPE_CHECKING:
    from app.reference.ids import HouseId
    from app.services.access import OperatorRow
    from app.services.backup import Reminder
    from app.services.enrolment import EnrolmentRow
    from app.services.key_change import Unfinished
    from app.services.operator import OperatorEntry
    from app.services.recovery import RecoveryState
    from app.services.register import Register
    from app.services.setting import WorkSettings
    from app.services.term import Terms


@dataclass(frozen=True, slots=True)
class SettingsView:
    """All that the page shows, asked for in one go."""

    house_name: str
    work: WorkSettings
    terms: Terms
    usual_terms: Terms
    place: EnrolmentRow | None
    unfinished: Unfinished | None
    """What the capofila has not heard or answered yet: a new key, a leave."""
    requested: str
    """The capofila that a file asks for the connection, while its answer is missing; empty for none."""
    operator: OperatorRow | None
    operators: tuple[OperatorRow, ...]
    uses_keyring: bool
    cipher_version: str
    folder: Path
    people: tuple[OperatorEntry, ...]
    may_manage: bool
    keys_wait: bool
    key_fault: str
    """What is wrong with the key file or with whose passphrase a row names, in words; empty for nothing."""
    recovery: RecoveryState
    reminder: Reminder | None = None


def load(register: Register, house: HouseId) -> SettingsView:
    """Ask the register for the page."""
    operator = register.access.operator()
    return SettingsView(
        house_name=register.houses.get(house).name,
        work=register.settings.get(),
        terms=register.settings.terms(),
        usual_terms=register.settings.usual_terms(),
        place=register.enrolments.find(house),
        unfinished=register.key_changes.unfinished(house),
        requested=register.enrolments.requested(house),
        operator=operator,
        operators=tuple(register.access.operators()),
        uses_keyring=register.access.uses_device_secret(),
        cipher_version=register.access.cipher_version,
        folder=register.access.folder,
        people=tuple(register.operators.list_rows()),
        may_manage=register.operators.may_manage(),
        keys_wait=register.operators.keys_await(),
        key_fault=key_fault(operator),
        recovery=register.recoveries.state(),
        reminder=register.backups.reminder(),
    )


def key_fault(who: OperatorRow | None) -> str:
    """Return what stops every change of keys, as far as who is at the desk can judge it; empty for nothing."""
    if who is not None and who.has_row_faults:
        return tr("sealed.row_faults")
    return tr("sealed.key_faults") if who is not None and who.has_key_faults else ""


def language_choices() -> list[tuple[str, str]]:
    """Return the languages of the interface, each by its own name."""
    return [(code, tr(f"settings.language_{code}")) for code in languages()]


def theme_choices() -> list[tuple[str, str]]:
    """Return the themes."""
    return [(code, tr(f"settings.theme_{code}")) for code in THEMES]


def say_refusal(error: ApprodoError) -> str:
    """Return why an enrolment failed; the capofila's own reason where it gave one that is known."""
    if isinstance(error, EnrolmentRefused):
        reason = str(error.params.get("reason", ""))
        key = refusal_key(reason)
        if not key.endswith("_other"):
            return tr(key, reason=reason)
    return say_error(error)
