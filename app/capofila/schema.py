"""The shapes that travel, as the served OpenAPI description shows them and as requests are read.

The package itself is read by `app.sync.payload` alone, which is stricter than any schema (bytes, order, padding).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from app.sync.payload import (
    ELEMENTS,
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


class MonthPackage(Shape):
    """One month's totals: RFC 8785 canonical JSON of exactly 4096 bytes."""

    schema_name: str = Field(alias="schema", json_schema_extra={"const": SCHEMA})
    shelter: str = Field(pattern=SHELTER_PATTERN)
    period: str = Field(pattern=PERIOD_PATTERN)
    revision: int = Field(ge=1, le=MOST_REVISION)
    threshold: int = Field(ge=LEAST_THRESHOLD, le=MOST_THRESHOLD)
    figures: list[Annotated[ShownFigure | SuppressedFigure | NotRecordedFigure, Field(discriminator="status")]]
    trail: str = Field(pattern=TRAIL_PATTERN, description="The head of the shelter's trail; it tells nothing by itself")
    padding: str = Field(pattern=rf"^[{PADDING_SIGN}]*$")


class PublicJwk(Shape):
    """An Ed25519 public key as a JSON Web Key (RFC 8037)."""

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: str = Field(pattern=r"^[A-Za-z0-9_-]{43}$")


class EnrolmentRequest(Shape):
    """The token of an invitation and the key that the shelter will sign with."""

    token: str = Field(pattern=r"^[A-Za-z0-9_-]{43}$")
    public_key: PublicJwk


class EnrolmentAnswer(Shape):
    """A JWS of type `approdo-enrolment+jwt`: the capofila's word that the key is enrolled, and under which id."""

    enrolment: str


class ReportAnswer(Shape):
    """A JWS of type `approdo-receipt+jwt`: the capofila's receipt for exactly these bytes."""

    receipt: str


class HealthAnswer(Shape):
    """The service answers."""

    status: Literal["ok"]


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
    models = (MonthPackage, EnrolmentRequest, EnrolmentAnswer, ReportAnswer, HealthAnswer, ProblemAnswer)
    _, document = models_json_schema([(model, "validation") for model in models], ref_template=_REFERENCE)
    schemas: dict[str, Any] = document["$defs"]
    return schemas


def reference(model: type[Shape]) -> dict[str, str]:
    """Return the JSON reference of a shape."""
    return {"$ref": _REFERENCE.format(model=model.__name__)}
