"""A file that is told as written lies on its disk, and a half of one lies nowhere."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from app.services import written_file
from app.services.written_file import write_through


def test_a_file_is_on_the_disk_with_its_name_when_the_call_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        seen.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        real(handle)

    monkeypatch.setattr(written_file.os, "fsync", fsync)
    write_through(tmp_path / "a", b"content")
    assert (tmp_path / "a").read_bytes() == b"content"
    assert seen == (["file"] if os.name == "nt" else ["file", "folder"])
    write_through(tmp_path / "a", b"again")
    assert (tmp_path / "a").read_bytes() == b"again"


def test_what_is_there_is_kept_where_nothing_may_be_written_over(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        write_through(tmp_path / "a", b"new", may_replace=False)
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_disk_that_fails_leaves_no_half_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(written_file.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_through(tmp_path / "a", b"content", may_replace=False)
    assert list(tmp_path.iterdir()) == []
