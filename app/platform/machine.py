"""Where things lie on this computer, and the settings that belong to it: language, theme, idle minutes, copies.

The file holds nothing about anybody; what the shelter decided lives inside the vault. Where the copies go is kept
here because it must be known when the register does not open.
"""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

LEAST_IDLE_MINUTES, MOST_IDLE_MINUTES = 1, 60
THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class MachineSettings:
    """The settings of this computer, with their defaults."""

    language: str = "it"
    theme: str = "light"
    idle_minutes: int = 5
    backup_folder: str = ""
    """Where the copies of the register go; empty until somebody chooses."""
    backup_other_disk: bool = False
    """Whether that was another disk than the register's when it was chosen."""

    def within_bounds(self) -> MachineSettings:
        """Return the settings with every value in its bounds: a file edited by hand never breaks the start."""
        return replace(
            self,
            theme=self.theme if self.theme in THEMES else THEMES[0],
            idle_minutes=min(max(self.idle_minutes, LEAST_IDLE_MINUTES), MOST_IDLE_MINUTES),
        )


class MachineStore:
    """Reads and writes the settings of this computer."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def beside(self, name: str) -> Path | None:
        """Return where something else of this computer is kept; None keeps it only while the program lives."""
        return self._file.with_name(name)

    def read(self) -> MachineSettings:
        """Return the settings; a missing or broken file gives the defaults."""
        try:
            found = tomllib.loads(self._file.read_text(encoding="utf-8"))
            return MachineSettings(
                language=str(found.get("language", "it")),
                theme=str(found.get("theme", "light")),
                idle_minutes=int(found.get("idle_minutes", 5)),
                backup_folder=str(found.get("backup_folder", "")),
                backup_other_disk=bool(found.get("backup_other_disk", False)),
            ).within_bounds()
        except (OSError, ValueError, TypeError):
            return MachineSettings()

    def write(self, settings: MachineSettings) -> None:
        """Keep the settings; a folder that cannot be written is no reason to stop anybody's work."""
        wanted = settings.within_bounds()
        text = (
            f'language = "{wanted.language}"\n'
            f'theme = "{wanted.theme}"\n'
            f"idle_minutes = {wanted.idle_minutes}\n"
            f"backup_folder = {_quoted(wanted.backup_folder)}\n"
            f"backup_other_disk = {str(wanted.backup_other_disk).lower()}\n"
        )
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            beside = self._file.with_suffix(".new")
            beside.write_text(text, encoding="utf-8")
            beside.replace(self._file)
        except OSError:
            return


def _quoted(text: str) -> str:
    """Return a text as a basic string of TOML: the escapes of JSON are all among those of TOML."""
    return json.dumps(text.replace("\x7f", ""), ensure_ascii=False)


def machine_file() -> Path:
    """Return the file of the machine's settings; `APPRODO_HOME` moves everything, for developers."""
    home = os.environ.get("APPRODO_HOME")
    if home:
        return Path(home) / "machine.toml"
    from platformdirs import user_config_path

    return user_config_path("approdo", appauthor=False) / "machine.toml"


def default_vault_folder() -> Path:
    """Return where a new register is made unless somebody says otherwise."""
    home = os.environ.get("APPRODO_HOME")
    if home:
        return Path(home) / "registro"
    from platformdirs import user_data_path

    return user_data_path("approdo", appauthor=False) / "registro"


def default_capofila_folder() -> Path:
    """Return where the receiving service keeps its store and keys unless somebody says otherwise."""
    return default_vault_folder().with_name("capofila")
