"""A process killed at random moments of everything that writes: nothing acknowledged is lost, nothing is half done.

Some dozens of kills here; `python -m tests.kills` kills thousands (docs/faults.md).
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.kills.killing import KINDS, Shelter

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform == "win32", reason="kills by signal"),
]


def test_no_kill_loses_what_was_acknowledged_or_leaves_half_a_deed(tmp_path: Path) -> None:
    shelter = Shelter(tmp_path, seed=11)
    told = [shelter.kill(kind) for kind in (*KINDS, "backup", "restore")]
    assert any(each.acknowledged or each.pending for each in told), "no child came to any deed: the test proves nothing"
