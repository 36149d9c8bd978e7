"""What the sheet "who sees what is written about you" says of this register: readers by role, threshold, the term.

Who may read what is asked of `app.services.role`, so that paper and program cannot differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.models.ledger import Uncounted
from app.prints.sharing import ROLES, Readers, SharingSheet
from app.services import role
from app.services.hanging import records_of
from app.services.kept_guest import kept_guest
from app.services.setting import read_settings
from app.services.term import read_terms
from app.services.totals import DEFAULT_THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from sqlalchemy.orm import Session

    from app.models.guest import Guest
    from app.reference.ids import GuestId

TOPICS: tuple[tuple[str, Callable[[str | None], bool]], ...] = (
    ("base", lambda _role: True),
    ("appointments", role.may_see_appointments),
    ("health", role.may_see_health),
    ("law", role.may_see_protection),
    ("safety", role.may_see_safety),
    ("path", role.may_see_path),
    ("diary", role.may_see_diary),
    ("documents", role.may_see_documents),
    ("trail", role.may_see_trail),
)


def readers() -> tuple[Readers, ...]:
    """Return who may read each topic of a record."""
    return tuple(Readers(topic, tuple(each for each in ROLES if may(each))) for topic, may in TOPICS)


def sharing_sheet(session: Session, guest: GuestId | None, today: date) -> SharingSheet:
    """Return the sheet for a guest, or for whoever asks; raises NotFound."""
    settings, months = read_settings(session), read_terms(session).retention_months
    found = kept_guest(session, guest) if guest is not None else None
    return SharingSheet(
        ente=settings.ente,
        readers=readers(),
        threshold=settings.threshold,
        group=max(DEFAULT_THRESHOLD, settings.threshold),
        months_kept=months,
        code=found.code if found is not None else "",
        uncounted_since=_uncounted_since(session, found, today) if found is not None else None,
    )


def _uncounted_since(session: Session, guest: Guest, today: date) -> date | None:
    """Return since when she is left out of what is still to leave; None while she counts."""
    lines = select(Uncounted.from_day).where(
        Uncounted.guest_id.in_(records_of(session, guest.id)),
        Uncounted.from_day <= today,
        or_(Uncounted.until_day.is_(None), Uncounted.until_day > today),
    )
    return min(session.scalars(lines), default=None)
