"""A shelter's side of the wire for tests: its key, its packages, its tokens. Nothing here is a fake."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.capofila.service import Delivery
from app.sync.key import SigningKey
from app.sync.payload import MonthReport, Shown, Suppressed, to_bytes
from app.sync.signature import CONTENT_TYPE, digest_header, sign_report


class Shelter:
    """A shelter that signs; whether anybody has enrolled its key is another matter."""

    def __init__(self, shelter_id: str, capofila_id: str, key: SigningKey) -> None:
        self.id, self.capofila_id, self.key = shelter_id, capofila_id, key

    def package(self, period: str = "2026-06", revision: int = 1, nights: int = 341, **changes: Any) -> bytes:
        report = MonthReport(self.id, period, revision, 5, (Shown("M07", nights), Suppressed("M11")), "5c" * 32)
        return to_bytes(replace(report, **changes))

    def token(self, package: bytes, jti: str = "jti-1", **changes: Any) -> str:
        wanted = {"key": self.key, "iss": self.id, "aud": self.capofila_id, "jti": jti, "iat": 1, **changes}
        return sign_report(package, **wanted)

    def delivery(self, package: bytes, jti: str = "jti-1", **changes: Any) -> Delivery:
        return Delivery(package, self.token(package, jti, **changes), CONTENT_TYPE, digest_header(package), jti)
