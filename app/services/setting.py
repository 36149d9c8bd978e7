"""Work settings, kept inside the vault: the legal name on papers, the threshold of the report, the terms of dates.

Machine settings (language, window, idle seconds) live outside the vault, in `app.platform.machine`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import ThresholdTooHigh, ThresholdTooLow
from app.models.work import Setting
from app.services.desk import Desk
from app.services.role import may_change_terms
from app.services.term import Terms, check_terms, default_terms, read_terms, write_terms
from app.services.totals import DEFAULT_THRESHOLD
from app.sync.payload import LEAST_THRESHOLD, MOST_THRESHOLD

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class WorkSettings:
    """What the shelter decided once for all its operators."""

    ente: str = ""
    threshold: int = DEFAULT_THRESHOLD


class Settings:
    """The work settings."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def get(self) -> WorkSettings:
        """Return the settings."""
        with self._desk.vault.work() as session:
            return read_settings(session)

    def change(self, wanted: WorkSettings) -> None:
        """Write the settings; raises ThresholdTooLow, ThresholdTooHigh or RoleMayNot."""
        if wanted.threshold < LEAST_THRESHOLD:
            raise ThresholdTooLow(least=LEAST_THRESHOLD)
        if wanted.threshold > MOST_THRESHOLD:
            raise ThresholdTooHigh(most=MOST_THRESHOLD)
        with self._desk.vault.work() as session:
            self._desk.require_coordination(session)
            session.merge(Setting(name="ente", value=wanted.ente.strip()))
            session.merge(Setting(name="threshold", value=str(wanted.threshold)))
            self._desk.note(session, "change", "setting")

    def terms(self) -> Terms:
        """Return the terms that dates are reckoned by."""
        with self._desk.vault.work() as session:
            return read_terms(session)

    def usual_terms(self) -> Terms:
        """Return the terms of the law and of the code lists, before the shelter changed any."""
        return default_terms()

    def change_terms(self, wanted: Terms) -> None:
        """Change the terms; raises RoleMayNot or TermOutOfBounds."""
        check_terms(wanted)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_change_terms)
            write_terms(session, wanted)
            self._desk.note(session, "change", "term")


def read_settings(session: Session) -> WorkSettings:
    """Return the settings inside a transaction that is already open."""
    ente, threshold = session.get(Setting, "ente"), session.get(Setting, "threshold")
    return WorkSettings(
        ente=ente.value if ente else "", threshold=int(threshold.value) if threshold else DEFAULT_THRESHOLD
    )
