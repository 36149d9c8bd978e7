"""Put `resources/` into the package of a wheel; everything else is said in pyproject.toml.

In a checkout they lie beside the package, where everybody looks for them; `app/reference/resource.py` finds both.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithResources(build_py):
    """Copies the resources too, unless the install points back to the checkout."""

    def run(self) -> None:
        """Build."""
        super().run()
        if not self.editable_mode:
            shutil.copytree("resources", Path(self.build_lib, "app", "resources"), dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithResources})
