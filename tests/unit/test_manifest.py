"""The manifest of a backup: only who has the key can write one, and nothing in it points outside its folder."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BackupDamaged, BackupStopped, VaultTooNew
from app.vault.key import VaultKey
from app.vault.manifest import NAME, Manifest, Part
from app.vault.step import Done, Progress, SteppedWork, Steps

KEY = VaultKey(bytes(range(32)))
MADE = Manifest("65EEA87B", 3, datetime(2026, 6, 15, 20, tzinfo=UTC), (Part("register.db", 4096, "ab"),)).sealed(KEY)


def test_it_reads_back_what_it_wrote_and_knows_its_key() -> None:
    read = Manifest.from_json(MADE.to_json())
    assert read == MADE
    assert read.is_sealed_by(KEY)
    assert not read.is_sealed_by(VaultKey(bytes(32)))
    assert not replace(read, seal="no base64 at all").is_sealed_by(KEY)
    assert read.size == 4096
    with pytest.raises(BackupDamaged):
        read.part("register.keys")


@pytest.mark.parametrize(
    "changed",
    [
        {"label": "ANOTHER1"},
        {"schema": 4},
        {"made_at": datetime(2026, 6, 16, tzinfo=UTC)},
        {"parts": (Part("register.db", 4097, "ab"),)},
        {"parts": (Part("register.db", 4096, "ac"),)},
        {"parts": ()},
    ],
)
def test_any_change_breaks_the_seal(changed: dict[str, Any]) -> None:
    assert not replace(MADE, **changed).is_sealed_by(KEY)


@pytest.mark.parametrize("name", ["../register.db", "a/b", "", ".", "..", "/etc/passwd"])
def test_a_file_that_lies_elsewhere_is_refused(name: str) -> None:
    told = json.loads(MADE.to_json())
    told["files"] = {name: {"size": 1, "sha256": ""}}
    with pytest.raises(BackupDamaged):
        Manifest.from_json(json.dumps(told))


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_whatever_is_no_manifest_is_told_as_damaged(text: str) -> None:
    with pytest.raises(BackupDamaged):
        Manifest.from_json(text)


def test_another_format_is_told_apart(tmp_path: Path) -> None:
    for named, error in (("approdo-backup/2", VaultTooNew), ("something-else/1", BackupDamaged)):
        with pytest.raises(error):
            Manifest.from_json(json.dumps({**json.loads(MADE.to_json()), "format": named}))
    (tmp_path / NAME).write_bytes(b"\xff\xfe")
    with pytest.raises(BackupDamaged):
        Manifest.read(tmp_path)


def test_work_in_steps_tells_how_far_it_is_and_clears_up_when_it_is_stopped() -> None:
    cleared: list[bool] = []

    def steps() -> Steps[str]:
        try:
            yield Progress("copy")
            yield Progress("write", 1, 2)
            return "made"
        finally:
            cleared.append(True)

    told: list[Progress] = []
    assert SteppedWork(lambda _stop: steps()).finish(told.append) == "made"
    assert told == [Progress("copy"), Progress("write", 1, 2)]
    work = SteppedWork(lambda _stop: steps())
    assert work.advance() == Progress("copy")
    work.stop()
    with pytest.raises(BackupStopped):
        work.advance()
    assert cleared == [True, True]
    never_begun = SteppedWork(lambda _stop: steps())
    never_begun.close()
    with pytest.raises(BackupStopped):
        never_begun.advance()
    assert isinstance(SteppedWork(lambda _stop: (_ for _ in ())).advance(), Done)
