"""The capofila's HTTP: it turns requests into deliveries, and answers into JSON and problem documents (RFC 9457).

No rule is here; nothing that came in is ever written to a log or sent back.
"""

from __future__ import annotations

import logging
from importlib.util import find_spec
from typing import Annotated, Any, cast

from fastapi import FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from app import __version__
from app.capofila.answer import EnrolmentWord, Filed, Left, TurnedAway
from app.capofila.body import LARGEST_BODY, BodyTooLarge, BodyTooSlow, read_body
from app.capofila.log import place_of, say
from app.capofila.office import Office
from app.capofila.problem import FAULTS, PROBLEM_TYPE, STATUSES, problem
from app.capofila.schema import (
    COMPACT_PATTERN,
    DIGEST_HEADER_PATTERN,
    NUMBER_PATTERN,
    EnrolmentAnswer,
    EnrolmentRequest,
    HealthAnswer,
    IdentityTold,
    KeyChangeRequest,
    LeaveAnswer,
    LeaveRequest,
    MonthPackage,
    ProblemAnswer,
    ReadyAnswer,
    ReportAnswer,
    Shape,
    components,
    reference,
)
from app.capofila.service import Delivery
from app.capofila.store import SCHEMA_VERSION
from app.errors import CapofilaKeyStale, CapofilaStoreTooOld, KeyInvalid
from app.sync.key import PublicKey, from_base64url

__all__ = ["FAULTS", "LARGEST_BODY", "PROBLEM_TYPE", "STATUSES", "create_app"]

_PROBLEM = {PROBLEM_TYPE: {"schema": reference(ProblemAnswer)}}
_HEADERS = {
    "Agid-JWT-Signature": COMPACT_PATTERN,
    "Digest": DIGEST_HEADER_PATTERN,
    "Idempotency-Key": NUMBER_PATTERN,
}
_BOARD = "app.capofila.board.routes"


_TROUBLES: dict[type[Exception], str] = {
    SQLAlchemyError: "store_unavailable",
    CapofilaKeyStale: "key_stale",
    CapofilaStoreTooOld: "store_not_migrated",
    Exception: "fault",
}
"""Our own trouble and the reason that is told; the first that fits."""


def create_app(office: Office) -> FastAPI:
    """Return the application around the rules, with the board beside it."""
    app = FastAPI(title="Approdo capofila", version=__version__, docs_url=None, redoc_url=None)
    _describe(app)
    _explain(app)
    _add_reports(app, office)
    _add_enrolments(app, office)
    _add_keys(app, office)
    _add_health(app, office)
    _add_board(app, office)
    return app


def _add_reports(app: FastAPI, office: Office) -> None:
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
            package=await read_body(request),
            token=agid_jwt_signature,
            content_type=content_type,
            digest=digest,
            # The draft has a structured string, in quotes; many senders leave the quotes out.
            idempotency_key=idempotency_key.removeprefix('"').removesuffix('"'),
        )
        match await run_in_threadpool(office.reception.receive, delivery):
            case Filed(receipt):
                return _json(ReportAnswer(receipt=receipt))
            case TurnedAway() as turned_away:
                return _refused(request, turned_away)


def _add_enrolments(app: FastAPI, office: Office) -> None:
    @app.post("/v1/enrolments", responses=_answers(EnrolmentAnswer), openapi_extra=_takes(EnrolmentRequest))
    async def enrol(request: Request) -> Response:
        """Enrol a shelter's key with an invitation, once; the same key may ask again."""
        try:
            wish = EnrolmentRequest.model_validate_json(await read_body(request))
            token, key = from_base64url(wish.token), PublicKey.from_jwk(wish.public_key.model_dump())
        except ValidationError:
            return problem("request_invalid")
        except (KeyInvalid, ValueError):
            return problem("key_invalid")
        return _word(request, await run_in_threadpool(office.enrolments.enrol, token, key))


def _add_keys(app: FastAPI, office: Office) -> None:
    @app.get("/v1/identity", responses=_answers(IdentityTold))
    async def identity() -> Response:
        """Tell the capofila's present keys, signed, and how they descend from those before."""
        told = await run_in_threadpool(office.keys.answer)
        return _json(IdentityTold(identity=told.identity, successions=list(told.successions)))

    @app.post("/v1/keys", responses=_answers(EnrolmentAnswer), openapi_extra=_takes(KeyChangeRequest))
    async def change_key(request: Request) -> Response:
        """Let a shelter sign with a new key, by the word of the old one; the same change again is answered again."""
        try:
            wish = KeyChangeRequest.model_validate_json(await read_body(request))
        except ValidationError:
            return problem("request_invalid")
        return _word(request, await run_in_threadpool(office.enrolments.change_key, wish.change))

    @app.post("/v1/leave", responses=_answers(LeaveAnswer), openapi_extra=_takes(LeaveRequest))
    async def leave(request: Request) -> Response:
        """Let a shelter go that says so; nothing more is taken from it, what it sent is kept."""
        try:
            wish = LeaveRequest.model_validate_json(await read_body(request))
        except ValidationError:
            return problem("request_invalid")
        match await run_in_threadpool(office.enrolments.leave, wish.leave):
            case Left():
                return _json(LeaveAnswer())
            case TurnedAway() as turned_away:
                return _refused(request, turned_away)


def _add_health(app: FastAPI, office: Office) -> None:
    @app.get("/health/live", responses=_answers(HealthAnswer))
    async def live() -> Response:
        """Say that the process answers."""
        return _json(HealthAnswer(status="ok"))

    @app.get("/health/ready", responses=_answers(ReadyAnswer))
    async def ready() -> Response:
        """Say that a package could be filed now."""
        await run_in_threadpool(office.check_ready)
        kind = cast("Any", office.store.kind)
        return _json(ReadyAnswer(status="ok", database=kind, schema_version=SCHEMA_VERSION))


def _add_board(app: FastAPI, office: Office) -> None:
    if find_spec(_BOARD) is not None:
        from app.capofila.board.routes import BOARD, add_board

        add_board(app, office)

        @app.get("/", include_in_schema=False)
        async def front() -> Response:
            """Lead a person who typed the capofila's address alone to the pages for people."""
            return RedirectResponse(BOARD, status_code=303)


def _explain(app: FastAPI) -> None:
    """Turn every failure into a problem document that repeats nothing of the request."""

    async def too_large(_request: Request, _error: Exception) -> Response:
        return problem("too_large")

    async def too_slow(_request: Request, _error: Exception) -> Response:
        return problem("too_slow", headers={"Connection": "close"})

    async def invalid(_request: Request, _error: Exception) -> Response:
        return problem("request_invalid")

    async def http(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - Starlette hands over nothing else
        allowed = {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
        return problem("request_invalid", status=error.status_code, headers=allowed)

    async def trouble(request: Request, error: Exception) -> Response:
        reason = next(reason for kind, reason in _TROUBLES.items() if isinstance(error, kind))
        kind, _, where = place_of(error).partition(" ")
        say(reason, level=logging.ERROR, request_id=_number(request), error=kind, where=where)
        return problem(reason)

    app.add_exception_handler(BodyTooLarge, too_large)
    app.add_exception_handler(BodyTooSlow, too_slow)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    for kind in _TROUBLES:
        app.add_exception_handler(kind, trouble)


def _number(request: Request) -> str:
    return str(getattr(request.state, "request_id", "none"))


def _describe(app: FastAPI) -> None:
    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            routes = [route for route in app.routes if getattr(route, "path", "").startswith(("/v1/", "/health/"))]
            document = get_openapi(title=app.title, version=app.version, routes=routes)
            for parameter in document["paths"]["/v1/reports"]["post"]["parameters"]:
                # Read by hand, so that a missing one has its own reason; nobody needs to know that to send them.
                parameter["required"] = True
                parameter["schema"] = {"type": "string", "pattern": _HEADERS[parameter["name"]]}
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


def _json(shape: Shape) -> Response:
    return JSONResponse(shape.model_dump(), headers={"Cache-Control": "no-store"})


def _word(request: Request, answer: EnrolmentWord | TurnedAway) -> Response:
    match answer:
        case EnrolmentWord(enrolment):
            return _json(EnrolmentAnswer(enrolment=enrolment))
        case TurnedAway():
            return _refused(request, answer)


def _refused(request: Request, answer: TurnedAway) -> Response:
    say("turned_away", request_id=_number(request), reason=answer.reason)
    return problem(answer.reason, answer.detail, answer.receipt, wait=answer.wait)
