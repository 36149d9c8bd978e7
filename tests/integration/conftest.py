"""What every test of the services watches beside its own matter: that each write leaves its line in the trail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.trail_watch import watching


@pytest.fixture(autouse=True)
def _every_write_is_noted() -> Iterator[None]:
    with watching() as unnoted:
        yield
    assert not unnoted, (
        f"wrote and left no line in the trail: {sorted(set(unnoted))}. Call Desk.note in the same transaction, "
        "or name it in tests/trail_watch.py with the reason."
    )
