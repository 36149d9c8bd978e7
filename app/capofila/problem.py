"""Refusals and faults as problem documents (RFC 9457): a stable reason and its status, nothing of the request."""

from __future__ import annotations

from http import HTTPStatus

from fastapi.responses import JSONResponse

from app.capofila.schema import ProblemAnswer

PROBLEM_TYPE = "application/problem+json"

STATUSES: dict[str, HTTPStatus] = {
    "audience_wrong": HTTPStatus.FORBIDDEN,
    "change_unproven": HTTPStatus.FORBIDDEN,
    "content_type_wrong": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "digest_mismatch": HTTPStatus.BAD_REQUEST,
    "idempotency_key_missing": HTTPStatus.BAD_REQUEST,
    "idempotency_key_reused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "invitation_expired": HTTPStatus.GONE,
    "invitation_unknown": HTTPStatus.FORBIDDEN,
    "invitation_used": HTTPStatus.CONFLICT,
    "issuer_wrong": HTTPStatus.FORBIDDEN,
    "key_invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "key_replaced": HTTPStatus.FORBIDDEN,
    "key_taken": HTTPStatus.CONFLICT,
    "payload_invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "request_invalid": HTTPStatus.BAD_REQUEST,
    "revision_conflict": HTTPStatus.CONFLICT,
    "seal_invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "shelter_mismatch": HTTPStatus.FORBIDDEN,
    "shelter_revoked": HTTPStatus.FORBIDDEN,
    "shelter_unknown": HTTPStatus.FORBIDDEN,
    "signature_invalid": HTTPStatus.FORBIDDEN,
    "signature_missing": HTTPStatus.BAD_REQUEST,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too_many": HTTPStatus.TOO_MANY_REQUESTS,
    "too_slow": HTTPStatus.REQUEST_TIMEOUT,
}
"""The HTTP status of each reason; the reasons are those of `app.sync.outcome.REFUSALS`."""

FAULTS: dict[str, HTTPStatus] = {
    "busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "fault": HTTPStatus.INTERNAL_SERVER_ERROR,
    "key_stale": HTTPStatus.SERVICE_UNAVAILABLE,
    "store_not_migrated": HTTPStatus.SERVICE_UNAVAILABLE,
    "store_unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The service's own trouble: nobody is refused, asking again later is right."""

FAULT_WAIT = 30


def problem(
    reason: str,
    detail: str | None = None,
    receipt: str | None = None,
    *,
    wait: int | None = None,
    status: int | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """Return the answer for a reason; `wait` becomes `Retry-After`."""
    status = status or STATUSES.get(reason) or FAULTS[reason]
    document = ProblemAnswer(
        type=f"urn:approdo:problem:{reason.replace('_', '-')}",
        title=reason.replace("_", " ").capitalize(),
        status=status,
        reason=reason,
        detail=detail,
        receipt=receipt,
    )
    told = {"Cache-Control": "no-store", **(headers or {})}
    if wait is None and status == HTTPStatus.SERVICE_UNAVAILABLE:
        wait = FAULT_WAIT
    if wait is not None:
        told["Retry-After"] = str(wait)
    return JSONResponse(
        document.model_dump(exclude_none=True), status_code=status, media_type=PROBLEM_TYPE, headers=told
    )
