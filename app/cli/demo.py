"""`approdo demo DIR`: the whole main job with an invented shelter, left in a folder to be looked at.

The story itself is in `app.demo`.
"""

from __future__ import annotations

import argparse
import os
import sys

from app.cli.terminal import Exit, Progress
from app.reference.texts import tr


def make_demo(arguments: argparse.Namespace) -> Exit:
    """Make the demo; a folder that holds something else is not touched."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # the pictures are taken without a screen, also where there is one
    from app.demo.run import run_demo

    progress = Progress()
    try:
        run_demo(
            arguments.folder,
            lambda key, done, of: progress.tell(tr(key), done, of),
            with_screens=not arguments.no_screens,
        )
    except FileExistsError:
        print(tr("cli.demo_exists", folder=arguments.folder), file=sys.stderr)
        return Exit.REFUSED
    finally:
        progress.end()
    print(tr("cli.demo_done", folder=arguments.folder))
    return Exit.DONE
