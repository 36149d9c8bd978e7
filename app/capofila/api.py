"""The capofila's HTTP: it turns requests into deliveries, and answers into JSON and problem documents (RFC 9457).

No rule is here; nothing that came in is ever written to a log or sent back.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from app import __version__
from app.capofila.answer import EnrolmentWord, Filed, TurnedAway
from app.capofila.enrolment import Enrolments
from app.capofila.schema import (
    EnrolmentAnswer,
    EnrolmentRequest,
    HealthAnswer,
    MonthPackage,
    ProblemAnswer,
    ReportAnswer,
    Shape,
    components,
    reference,
)
from app.capofila.service import Delivery, Reception
from app.errors import KeyInvalid
from app.sync.key import PublicKey, from_base64url

LARGEST_BODY = 16 * 1024
PROBLEM_TYPE = "application/problem+json"

STATUSES: dict[str, HTTPStatus] = {
    "audience_wrong": HTTPStatus.FORBIDDEN,
    "content_type_wrong": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "digest_mismatch": HTTPStatus.BAD_REQUEST,
    "idempotency_key_missing": HTTPStatus.BAD_REQUEST,
    "idempotency_key_reused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "invitation_expired": HTTPStatus.GONE,
    "invitation_unknown": HTTPStatus.FORBIDDEN,
    "invitation_used": HTTPStatus.CONFLICT,
    "issuer_wrong": HTTPStatus.FORBIDDEN,
    "key_invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "key_taken": HTTPStatus.CONFLICT,
    "payload_invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "request_invalid": HTTPStatus.BAD_REQUEST,
    "revision_conflict": HTTPStatus.CONFLICT,
    "shelter_mismatch": HTTPStatus.FORBIDDEN,
    "shelter_revoked": HTTPStatus.FORBIDDEN,
    "shelter_unknown": HTTPStatus.FORBIDDEN,
    "signature_invalid": HTTPStatus.FORBIDDEN,
    "signature_missing": HTTPStatus.BAD_REQUEST,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
"""The HTTP status of each reason; the reasons are those of `app.sync.outcome.REFUSALS`."""

_log = logging.getLogger(__name__)

_PROBLEM = {PROBLEM_TYPE: {"schema": reference(ProblemAnswer)}}


class _BodyTooLarge(Exception):
    """More bytes came than any request needs."""


def create_app(enrolments: Enrolments, reception: Reception) -> FastAPI:
    """Return the application around the two sets of rules."""
    app = FastAPI(title="Approdo capofila", version=__version__, docs_url=None, redoc_url=None)
    _describe(app)
    _explain(app)
    _add_enrolments(app, enrolments)
    _add_reports(app, reception)
    _add_health(app, reception)
    return app


def _add_enrolments(app: FastAPI, enrolments: Enrolments) -> None:
    @app.post("/v1/enrolments", responses=_answers(EnrolmentAnswer), openapi_extra=_takes(EnrolmentRequest))
    async def enrol(request: Request) -> Response:
        """Enrol a shelter's key with an invitation, once; the same key may ask again."""
        try:
            wish = EnrolmentRequest.model_validate_json(await _body(request))
            token, key = from_base64url(wish.token), PublicKey.from_jwk(wish.public_key.model_dump())
        except ValidationError:
            return _problem("request_invalid")
        except (KeyInvalid, ValueError):
            return _problem("key_invalid")
        answer = await run_in_threadpool(enrolments.enrol, token, key)
        match answer:
            case EnrolmentWord(enrolment):
                return _json(EnrolmentAnswer(enrolment=enrolment))
            case TurnedAway(reason, detail, receipt):
                return _problem(reason, detail, receipt)


def _add_reports(app: FastAPI, reception: Reception) -> None:
    @app.post("/v1/reports", responses=_answers(ReportAnswer), openapi_extra=_takes(MonthPackage))
    async def receive(
        request: Request,
        agid_jwt_signature: Annotated[str, Header(alias="Agid-JWT-Signature")] = "",
        digest: Annotated[str, Header(alias="Digest")] = "",
        idempotency_key: Annotated[str, Header(alias="Idempotency-Key")] = "",
        content_type: Annotated[str, Header(alias="Content-Type", include_in_schema=False)] = "",
    ) -> Response:
        """File one signed package; the same bytes again bring back the same receipt."""
        delivery = Delivery(
            package=await _body(request),
            token=agid_jwt_signature,
            content_type=content_type,
            digest=digest,
            # The draft has a structured string, in quotes; many senders leave the quotes out.
            idempotency_key=idempotency_key.removeprefix('"').removesuffix('"'),
        )
        answer = await run_in_threadpool(reception.receive, delivery)
        match answer:
            case Filed(receipt):
                return _json(ReportAnswer(receipt=receipt))
            case TurnedAway(reason, detail, refusal):
                return _problem(reason, detail, refusal)


def _add_health(app: FastAPI, reception: Reception) -> None:
    @app.get("/health/live", responses=_answers(HealthAnswer))
    async def live() -> Response:
        """Say that the process answers."""
        return _json(HealthAnswer(status="ok"))

    @app.get("/health/ready", responses=_answers(HealthAnswer))
    async def ready() -> Response:
        """Say that the store answers too."""
        await run_in_threadpool(reception.check_ready)
        return _json(HealthAnswer(status="ok"))


def _explain(app: FastAPI) -> None:
    """Turn every failure into a problem document that repeats nothing of the request."""

    @app.exception_handler(_BodyTooLarge)
    async def too_large(_request: Request, _error: Exception) -> Response:
        return _problem("too_large")

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, _error: Exception) -> Response:
        return _problem("request_invalid")

    @app.exception_handler(HTTPException)
    async def http(_request: Request, error: HTTPException) -> Response:
        return _problem("request_invalid", status=HTTPStatus(error.status_code))

    @app.exception_handler(SQLAlchemyError)
    async def store(_request: Request, error: Exception) -> Response:
        _log.error("the store failed: %s", type(error).__name__)
        return _problem("store_unavailable", status=HTTPStatus.SERVICE_UNAVAILABLE)

    @app.exception_handler(Exception)
    async def fault(_request: Request, _error: Exception) -> Response:
        return _problem("fault", status=HTTPStatus.INTERNAL_SERVER_ERROR)


def _describe(app: FastAPI) -> None:
    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(title=app.title, version=app.version, routes=app.routes)
            document.setdefault("components", {}).setdefault("schemas", {}).update(components())
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI's documentation gives


def _answers(shape: type[Shape]) -> dict[int | str, dict[str, Any]]:
    good = {"description": "Done", "content": {"application/json": {"schema": reference(shape)}}}
    return {
        200: good,
        "4XX": {"description": "Refused; nothing was written", "content": _PROBLEM},
        "5XX": {"description": "A fault; try again later", "content": _PROBLEM},
    }


def _takes(shape: type[Shape]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": reference(shape)}}}}


async def _body(request: Request) -> bytes:
    """Return the body, reading no further than a request may go."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            raise _BodyTooLarge
    return bytes(body)


def _json(shape: Shape) -> Response:
    return JSONResponse(shape.model_dump(), headers={"Cache-Control": "no-store"})


def _problem(
    reason: str, detail: str | None = None, receipt: str | None = None, *, status: HTTPStatus | None = None
) -> Response:
    status = status or STATUSES[reason]
    document = ProblemAnswer(
        type=f"urn:approdo:problem:{reason.replace('_', '-')}",
        title=reason.replace("_", " ").capitalize(),
        status=status,
        reason=reason,
        detail=detail,
        receipt=receipt,
    )
    return JSONResponse(
        document.model_dump(exclude_none=True),
        status_code=status,
        media_type=PROBLEM_TYPE,
        headers={"Cache-Control": "no-store"},
    )
