"""A clock that is wrong: told, nothing refused, no copy thinned or trusted for its date."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.reference.ids import HouseId
from app.services.backup import Place
from app.ui.presenters.clock import alerts
from app.ui.presenters.today import is_empty
from app.vault.manifest import NAME, Manifest
from tests.conftest import NOW
from tests.spoiling import admit, open_register


@pytest.fixture
def with_guests(vault_folder: Path) -> Path:
    register = open_register(vault_folder)
    for name in ("Rina", "Joy", "Awa"):
        admit(register, name)
    register.access.lock()
    return vault_folder


@pytest.mark.parametrize(
    ("moment", "is_behind"),
    [
        (NOW, None),
        (NOW - timedelta(minutes=5), None),
        (NOW - timedelta(days=1), True),
        (datetime(2016, 1, 1, tzinfo=UTC), True),
        (datetime(1970, 1, 1, tzinfo=UTC), True),
        (NOW + timedelta(days=30), None),
        (NOW + timedelta(days=365), False),
        (datetime(2126, 1, 1, tzinfo=UTC), False),
    ],
)
def test_a_clock_that_cannot_be_right_is_told_on_the_page_of_the_day(
    with_guests: Path, moment: datetime, is_behind: bool | None
) -> None:
    register = open_register(with_guests, moment)
    today = register.todays.of(HouseId(1))
    assert (today.clock and today.clock.is_behind) is is_behind
    assert len(alerts(today.clock)) == (is_behind is not None)
    assert not is_empty(today)
    register.access.lock()


def test_a_backup_from_a_clock_that_was_ahead_is_not_taken_for_the_newest(with_guests: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    for moment in (NOW, datetime(2126, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)):
        register = open_register(with_guests, moment)
        register.backups.watch(Place(stick))
        made = register.backups.making(Place(stick)).finish()
        register.backups.remember(made.made_at, made_now=True)
        register.access.lock()
    register = open_register(with_guests, NOW + timedelta(days=5))
    register.backups.watch(Place(stick))
    found = register.backups.look(Place(stick))
    assert found.is_due
    assert found.newest == NOW
    register.backups.remember(found.newest, made_now=False)
    assert (register.backups.reminder().days, register.backups.reminder().is_late) == (5, True)
    assert register.restores.newest(stick).made_at == NOW
    assert len(register.backups.list_rows(stick)) == 3  # none went for its date
    register.access.lock()


def test_a_manifest_with_a_day_that_no_calendar_has_is_damaged(with_guests: Path, tmp_path: Path) -> None:
    register = open_register(with_guests)
    made = register.backups.making(Place(tmp_path)).finish().path
    found = Manifest.read(made)
    (made / NAME).write_text(replace(found, made_at=datetime(9999, 12, 31, 23, tzinfo=UTC)).to_json(), encoding="ascii")
    assert [row.fault for row in register.backups.list_rows(tmp_path)] == ["unreadable"]
    register.backups.look(Place(tmp_path))
    register.access.lock()
