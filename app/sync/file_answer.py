"""The answer that comes back as a file: the signed receipt or refusal of a report, or the word of an enrolment.

Nothing is proved by reading it: what is signed in it is verified by whoever takes it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final, Literal

import rfc8785

from app.errors import AnswerInvalid, AnswerTooNew
from app.sync.signature import LONGEST_TEXT, LONGEST_TOKEN

RECEIPT: Final = "approdo.receipt/1"
ENROLMENT: Final = "approdo.enrolment-answer/1"

LARGEST_ANSWER: Final = 128 * 1024
LONGEST_CERTIFICATE: Final = 16 * 1024
MOST_SUCCESSIONS: Final = 64

Kind = Literal["receipt", "enrolment"]

_SCHEMAS: Final[dict[Kind, str]] = {"receipt": RECEIPT, "enrolment": ENROLMENT}
_REASON = re.compile(r"[a-z][a-z_]{1,39}")


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """What a capofila answers to a file; raises AnswerInvalid with reason form.

    `about` is the idempotency key of a report, or the thumbprint of the shelter's key in an enrolment, a change of key
    or a leave. `identity` is the capofila's word about its keys (`app.sync.keychange`). `certificate` is the server's
    own (PEM), for a shelter that never saw the server. A leave that was taken has neither word nor reason.
    """

    kind: Kind
    about: str
    receipt: str | None = None
    enrolment: str | None = None
    reason: str | None = None
    certificate: str | None = None
    identity: str | None = None
    successions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        is_good = (
            self.kind in _SCHEMAS
            and _is_text(self.about, LONGEST_TEXT)
            and _is_token(self.receipt)
            and _is_token(self.enrolment)
            and _is_token(self.identity)
            and (self.reason is None or (type(self.reason) is str and bool(_REASON.fullmatch(self.reason))))
            and (self.certificate is None or _is_text(self.certificate, LONGEST_CERTIFICATE))
            and type(self.successions) is tuple
            and len(self.successions) <= MOST_SUCCESSIONS
            and all(_is_text(each, LONGEST_TOKEN) for each in self.successions)
        )
        if not is_good or not self._says_something():
            raise AnswerInvalid(reason="form")

    def _says_something(self) -> bool:
        if self.kind == "receipt":
            has_answer = self.receipt is not None or self.reason is not None
            return has_answer and self.enrolment is None and self.certificate is None
        return self.receipt is None and (self.enrolment is None or self.reason is None)


def write_answer(answer: FileAnswer) -> bytes:
    """Return the file: canonical JSON (RFC 8785)."""
    told: dict[str, Any] = {"schema": _SCHEMAS[answer.kind], "about": answer.about}
    for name in ("receipt", "enrolment", "reason", "certificate", "identity"):
        value = getattr(answer, name)
        if value is not None:
            told[name] = value
    if answer.successions:
        told["successions"] = list(answer.successions)
    return rfc8785.dumps(told)


def read_answer(data: bytes) -> FileAnswer:
    """Return what a file answers; raises AnswerTooNew, or AnswerInvalid with reason size or form.

    A bare receipt, as the network brings it, is none: it does not say what it is about.
    """
    if len(data) > LARGEST_ANSWER:
        raise AnswerInvalid(reason="size")
    try:
        told = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise AnswerInvalid(reason="form") from None
    if type(told) is not dict or type(told.get("schema")) is not str:
        raise AnswerInvalid(reason="form")
    kind = next((kind for kind, schema in _SCHEMAS.items() if schema == told["schema"]), None)
    if kind is None:
        raise (AnswerTooNew(reason="schema") if told["schema"].startswith("approdo.") else AnswerInvalid(reason="form"))
    statements = told.get("successions", [])
    # Members that are not known are ignored: a newer capofila may tell more.
    return FileAnswer(
        kind=kind,
        about=told.get("about", ""),
        receipt=told.get("receipt"),
        enrolment=told.get("enrolment"),
        reason=told.get("reason"),
        certificate=told.get("certificate"),
        identity=told.get("identity"),
        successions=tuple(statements) if type(statements) is list else ("",),
    )


def _is_text(value: object, longest: int) -> bool:
    return type(value) is str and 0 < len(value) <= longest


def _is_token(value: object) -> bool:
    return value is None or _is_text(value, LONGEST_TOKEN)
