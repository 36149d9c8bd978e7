"""The shapes that travel, as the served OpenAPI description shows them and as requests are read.

The package itself is read by `app.sync.payload` alone, which is stricter than any schema (bytes, order, padding).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from app.sync.breakdown import (
    DAY_PATTERN,
    DIGEST_PATTERN,
    FAMILIES,
    LEAST_K,
    MOST_COUNT,
    MOST_CUTS,
    MOST_K,
    MOST_TABLES,
    NODE_PATTERN,
    PROFILES,
    REASONS,
    VARIABLES,
    VERSION_PATTERN,
)
from app.sync.breakdown import MOST_REVISION as MOST_TABLE_REVISION
from app.sync.payload import (
    ELEMENTS,
    FIRST_SCHEMA,
    LEAST_THRESHOLD,
    MOST_REVISION,
    MOST_THRESHOLD,
    MOST_VALUE,
    PADDING_SIGN,
    PERIOD_PATTERN,
    SCHEMA,
    SHELTER_PATTERN,
    TRAIL_PATTERN,
)
from app.sync.signature import LONGEST_TOKEN

BYTES_PATTERN = r"^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
"""32 bytes as base64url without padding; the last sign has only four bits."""

_LOOSE = r"^[A-Za-z0-9_-]{43}$"
"""What is read: bytes that are none have a reason of their own."""

DIGEST_HEADER_PATTERN = r"^SHA-256=[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$"
NUMBER_PATTERN = r'^"?[!#-~]{1,128}"?$'
"""An Idempotency-Key; the token's `jti`, with the quotes of a structured string or without."""

COMPACT_PATTERN = r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$"
"""A compact JWS (RFC 7515, section 3.1)."""

_REFERENCE = "#/components/schemas/{model}"

Element = Annotated[str, Field(json_schema_extra={"enum": list(ELEMENTS)})]


class Shape(BaseModel):
    """Every shape is closed and takes no type for another."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ShownFigure(Shape):
    """A figure that is told."""

    element: Element
    status: Literal["shown"]
    value: int = Field(ge=0, le=MOST_VALUE)


class SuppressedFigure(Shape):
    """A figure that is not told because too few people stand behind it."""

    element: Element
    status: Literal["suppressed"]


class NotRecordedFigure(Shape):
    """A figure that the shelter does not record."""

    element: Element
    status: Literal["not_recorded"]


Family = Annotated[str, Field(json_schema_extra={"enum": list(FAMILIES)})]
Day = Annotated[str, Field(pattern=DAY_PATTERN)]
Node = Annotated[str, Field(pattern=NODE_PATTERN)]
Count = Annotated[int, Field(ge=0, le=MOST_COUNT)]


class ShownTable(Shape):
    """A table that is told: how many persons are in each item; items are nodes of the public tree and partition it."""

    family: Family
    day: Day
    status: Literal["shown"]
    revision: int = Field(ge=1, le=MOST_TABLE_REVISION)
    blocks: dict[Node, Count] = Field(min_length=1)


class UnpublishedTable(Shape):
    """A table that was due and is not told; the reason is one that the calendar tells as well."""

    family: Family
    day: Day
    status: Literal["not_published"]
    reason: str = Field(json_schema_extra={"enum": list(REASONS)})


class Breakdown(Shape):
    """The tables of one variable, cut with one public tree (its version and SHA-256) and one threshold."""

    variable: str = Field(json_schema_extra={"enum": list(VARIABLES)})
    profile: str = Field(json_schema_extra={"enum": list(PROFILES)})
    version: str = Field(pattern=VERSION_PATTERN)
    digest: str = Field(pattern=DIGEST_PATTERN)
    k: int = Field(ge=LEAST_K, le=MOST_K)
    tables: list[Annotated[ShownTable | UnpublishedTable, Field(discriminator="status")]] = Field(
        min_length=1, max_length=MOST_TABLES
    )


class MonthPackage(Shape):
    """One month's totals and breakdowns: RFC 8785 canonical JSON of exactly 6144 bytes.

    The first version, 4096 bytes without `breakdowns`, is still taken.
    """

    schema_name: str = Field(alias="schema", json_schema_extra={"enum": [FIRST_SCHEMA, SCHEMA]})
    shelter: str = Field(pattern=SHELTER_PATTERN)
    period: str = Field(pattern=PERIOD_PATTERN)
    revision: int = Field(ge=1, le=MOST_REVISION)
    threshold: int = Field(ge=LEAST_THRESHOLD, le=MOST_THRESHOLD)
    figures: list[Annotated[ShownFigure | SuppressedFigure | NotRecordedFigure, Field(discriminator="status")]]
    trail: str = Field(pattern=TRAIL_PATTERN, description="The head of the shelter's trail; it tells nothing by itself")
    breakdowns: list[Breakdown] = Field(default=[], max_length=MOST_CUTS, description="Not in the first version")
    padding: str = Field(pattern=rf"^[{PADDING_SIGN}]*$")


class PublicJwk(Shape):
    """An Ed25519 public key as a JSON Web Key (RFC 8037)."""

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: str = Field(pattern=_LOOSE, json_schema_extra={"pattern": BYTES_PATTERN})


class EnrolmentRequest(Shape):
    """The token of an invitation and the key that the shelter will sign with."""

    token: str = Field(pattern=_LOOSE, json_schema_extra={"pattern": BYTES_PATTERN})
    public_key: PublicJwk


class EnrolmentAnswer(Shape):
    """A JWS of type `approdo-enrolment+jwt`: the capofila's word that the key is enrolled, and under which id."""

    enrolment: str


class ReportAnswer(Shape):
    """A JWS of type `approdo-receipt+jwt`: the capofila's receipt for exactly these bytes."""

    receipt: str


class IdentityTold(Shape):
    """A JWS of type `approdo-identity+jwt` by the present key, and the statements by which keys descend, oldest first.

    Each statement is a JWS of type `approdo-succession+jwt`, signed by the key that it replaces.
    """

    identity: str
    successions: list[str]


class KeyChangeRequest(Shape):
    """A JWS of type `approdo-key-change+jwt`: the old key's word for the new one, with the new one's proof inside."""

    change: str = Field(min_length=1, max_length=LONGEST_TOKEN, pattern=COMPACT_PATTERN)


class LeaveRequest(Shape):
    """A JWS of type `approdo-leave+jwt`: a shelter's word that it leaves."""

    leave: str = Field(min_length=1, max_length=LONGEST_TOKEN, pattern=COMPACT_PATTERN)


class LeaveAnswer(Shape):
    """The shelter has left; nothing is in it."""


class HealthAnswer(Shape):
    """The service answers."""

    status: Literal["ok"]


class ReadyAnswer(Shape):
    """A package could be filed now: the database answers, its tables are of this version, the keys are here."""

    status: Literal["ok"]
    database: Literal["sqlite", "postgresql"]
    schema_version: int


class ProblemAnswer(Shape):
    """A problem document (RFC 9457); `reason` is a stable code, `receipt` a signed refusal when the sender is known."""

    type: str
    title: str
    status: int
    reason: str
    detail: str | None = None
    receipt: str | None = None


def components() -> dict[str, Any]:
    """Return the JSON Schemas of the shapes, for the components of an OpenAPI 3.1 document."""
    models = (
        *(MonthPackage, ReportAnswer, EnrolmentRequest, EnrolmentAnswer, IdentityTold),
        *(KeyChangeRequest, LeaveRequest, LeaveAnswer, HealthAnswer, ReadyAnswer, ProblemAnswer),
    )
    _, document = models_json_schema([(model, "validation") for model in models], ref_template=_REFERENCE)
    schemas: dict[str, Any] = document["$defs"]
    return schemas


def reference(model: type[Shape]) -> dict[str, str]:
    """Return the JSON reference of a shape."""
    return {"$ref": _REFERENCE.format(model=model.__name__)}
