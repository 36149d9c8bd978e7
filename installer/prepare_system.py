"""See that the system libraries which Qt needs are here; install them as root on Debian, else name them in one line.

Only the standard library: it runs while the program is being set up.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Debian's package for each library that Qt's platform plug-ins load.
PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libOpenGL.so.0": "libopengl0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
NEEDED = ("QtCore", "QtGui", "QtWidgets", "QtNetwork", "QtPrintSupport", "QtSvg", "QtDBus")
PLUGINS = ("libqxcb.so", "libqoffscreen.so")


def missing_libraries() -> list[str]:
    """Return the names of the shared libraries that Qt's modules and plug-ins ask for and the system lacks."""
    import PySide6

    home = Path(PySide6.__file__).parent
    files = [*(home / f"{name}.abi3.so" for name in NEEDED), *(home / "Qt/plugins/platforms" / p for p in PLUGINS)]
    missing: set[str] = set()
    for file in files:
        if file.exists():
            told = subprocess.run(["ldd", file], capture_output=True, text=True, check=False).stdout
            missing |= {line.split()[0] for line in told.splitlines() if "not found" in line}
    return sorted(missing)


def main() -> int:
    """Mend what can be mended; return 1 when the operator has to act."""
    if not sys.platform.startswith("linux") or shutil.which("ldd") is None:
        return 0
    missing = missing_libraries()
    if not missing:
        return 0
    packages = sorted({PACKAGES.get(name, name) for name in missing})
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing the system libraries that Qt needs:", " ".join(packages))
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
        subprocess.run([*command, "-qq"], env=environment, check=False, stdout=subprocess.DEVNULL)
        if not missing_libraries():
            return 0
    print("Qt needs system libraries that are not here. Paste this line, then try again:", file=sys.stderr)
    print("    sudo " + " ".join(command), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
