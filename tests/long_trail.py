"""Long trails for tests: many lines at once, chained as the register itself chains them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.models.chain import Line, next_line
from app.services.chain import _INSERT, _last

ACTIONS = (("read", "guest"), ("reveal", "guest"), ("print", "presences"), ("change_bed", "stay"), ("add", "diary"))


def make_lines(count: int, before: tuple[int, bytes], at: datetime, seed: int = 1) -> list[Line]:
    """Return lines that follow a number and its link, a second apart, about a hundred and more different rows."""
    made, chance = [], random.Random(seed)
    for second in range(count):
        action, subject = chance.choice(ACTIONS)
        said = (at + timedelta(seconds=second)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        line = next_line(
            before,
            chance.randbytes(16),
            at=said,
            operator=chance.choice((1, None)),
            action=action,
            subject=subject,
            subject_id=100 + second % 400,
        )
        made.append(line)
        before = (line.number, line.link)
    return made


def add_lines(session: Session, count: int, at: datetime) -> None:
    """Write many lines behind those that are there."""
    link = session.connection()
    link.exec_driver_sql(_INSERT, [tuple(line) for line in make_lines(count, _last(link), at)])
