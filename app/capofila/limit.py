"""How often somebody may ask: buckets in the memory of this process, filled again by time.

Limits protect, they decide nothing: every instance counts for itself, and a restart forgets. What is counted is known
by a keyed hash with a random key of the process, so no address and no key can be read from the memory or a log.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_BUCKETS = 20_000
"""Who has not asked for the longest time is forgotten first."""


class Limit:
    """So many requests at once, refilled at so many a minute; 0 a minute is no limit."""

    def __init__(self, per_minute: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_minute / 60
        self._burst = float(burst)
        self._clock = clock
        self._salt = secrets.token_bytes(32)
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def is_off(self) -> bool:
        """Whether everybody may ask as often as they like."""
        return not self._rate

    def take(self, who: str) -> int:
        """Return 0 when somebody may go on, or the seconds to wait."""
        if not self._rate:
            return 0
        name = hashlib.blake2b(who.encode(), key=self._salt, digest_size=16).digest()
        now = self._clock()
        with self._lock:
            left, at = self._buckets.pop(name, (self._burst, now))
            left = min(self._burst, left + (now - at) * self._rate)
            may_go_on = left >= 1
            self._buckets[name] = (left - 1 if may_go_on else left, now)
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
        return 0 if may_go_on else max(1, math.ceil((1 - left) / self._rate))

    def __len__(self) -> int:
        return len(self._buckets)


NO_LIMIT = Limit(0, 0)


def network_of(address: str | None) -> str:
    """Return what an address is counted as: of IPv6 the /64 that one customer gets, else the address itself."""
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or "none"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.IPv6Network((found, 64), strict=False).network_address)
    return str(found)
