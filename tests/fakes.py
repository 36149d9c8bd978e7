"""Stand-ins for the world outside: time and the computer's keyring. Each satisfies a protocol of the program."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta


class FakeClock:
    """A clock that stands still until it is told to move; satisfies `app.services.desk.Clock`."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def advance(self, by: timedelta) -> None:
        self.moment += by


class FakeSecrets:
    """A keyring in memory; satisfies `app.vault.device.DeviceSecrets`."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def get(self, vault: str) -> bytes | None:
        return self.kept.get(vault)

    def create(self, vault: str) -> bytes | None:
        self.kept[vault] = secrets.token_bytes(32)
        return self.kept[vault]
