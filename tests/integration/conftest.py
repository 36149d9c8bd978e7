"""What every test of the services watches beside its own matter: that each write leaves its line in the trail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.capofila.office import open_office
from app.services.register import Register
from tests.fakes import FakeClock
from tests.file_side import Side
from tests.trail_watch import watching
from tests.ui.desk import HOUSE, MAY, host


@pytest.fixture(autouse=True)
def _every_write_is_noted() -> Iterator[None]:
    with watching() as unnoted:
        yield
    assert not unnoted, (
        f"wrote and left no line in the trail: {sorted(set(unnoted))}. Call Desk.note in the same transaction, "
        "or name it in tests/trail_watch.py with the reason."
    )


@pytest.fixture
def side(register: Register, tmp_path: Path, clock: FakeClock) -> Iterator[Side]:
    host(register, 6)
    with open_office(tmp_path / "capofila", hosts=["127.0.0.1"], now=clock.now) as office:
        yield Side(register, office)


@pytest.fixture
def ready(side: Side) -> Side:
    """The house is enrolled, May is closed."""
    side.enrol()
    side.register.months.close(HOUSE, MAY)
    return side
