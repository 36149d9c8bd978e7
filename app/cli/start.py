"""`make run`: start the window; where there is no screen, say so and make the demo instead."""

from __future__ import annotations

import sys

from app.cli.main import run
from app.platform.screen import has_screen
from app.reference.texts import tr

DEMO_FOLDER = "demo-out"


def start() -> int:
    """Return the exit code of the window or of the demo."""
    if has_screen():
        return run([])
    print(tr("cli.no_screen_demo", folder=DEMO_FOLDER))
    return run(["demo", DEMO_FOLDER])


if __name__ == "__main__":
    sys.exit(start())
