"""The way out of this computer while the register is open: its proxy, and the hand that hangs up at a lock.

It sends nothing itself; whoever asks the network is given a line of it.
"""

from __future__ import annotations

from app.sync.exchange import Hangup, Line


class WayOut:
    """Gives lines from one unlock to the next lock; after `end` none of them carries anything."""

    def __init__(self) -> None:
        self._hangup = Hangup()

    def find(self, url: str) -> Line:
        """Return the line to an address; asked on the network's worker."""
        from app.platform.proxy import system_proxy

        return Line(proxy=system_proxy(url), hangup=self._hangup)

    def end(self) -> None:
        """Hang up at once: neither a lock nor the end of the program waits for a slow line."""
        self._hangup.end()
