"""The board's addresses: which page answers what; the headers that every answer has; what goes wrong, as a page."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.capofila.board import act, entry, page
from app.capofila.board.guard import HEADERS
from app.capofila.board.render import STATIC, render
from app.capofila.board.visit import Door
from app.capofila.body import BodyTooLarge, BodyTooSlow
from app.capofila.handout.network import DUE_DAY
from app.capofila.log import place_of, say
from app.capofila.store import utc_now
from app.errors import ApprodoError, NotFound
from app.reference.resource import read_bytes
from app.reference.texts import say_error, tr

if TYPE_CHECKING:
    from fastapi import FastAPI

    from app.capofila.office import Office

BOARD = "/board/"
DUE_DAY_VARIABLE = "APPRODO_CAPOFILA_DUE_DAY"


def add_board(app: FastAPI, office: Office) -> None:
    """Put the board under /board of the service's application."""
    app.mount("/board", make_board(office, due_day=due_day_from_environment()))


def due_day_from_environment() -> int:
    """Return the due day that this process is told, as `APPRODO_CAPOFILA_DUE_DAY`."""
    return due_day_of(os.environ.get(DUE_DAY_VARIABLE, ""))


def due_day_of(text: str) -> int:
    """Return the due day that a setting names; anything but a day that every month has is the fifth."""
    return int(text) if text.isascii() and text.isdigit() and 1 <= int(text) <= 28 else DUE_DAY


def make_board(office: Office, *, now: Callable[[], datetime] = utc_now, due_day: int = DUE_DAY) -> ASGIApp:
    """Return the board as an application of its own; its pages are no part of the machines' interface."""
    door = Door(office, now, due_day)
    inside = door.signed_in
    pages = Starlette(
        routes=[
            Route("/static/{name}", _static),
            Route("/login", door.before(entry.show_login)),
            Route("/login", door.before(entry.log_in), methods=["POST"]),
            Route("/logout", inside(entry.log_out), methods=["POST"]),
            Route("/", inside(page.board)),
            Route("/shelters/{shelter}", inside(page.shelter)),
            Route("/shelters/{shelter}/revoke", inside(page.ask_revoke)),
            Route("/shelters/{shelter}/revoke", inside(act.revoke), methods=["POST"]),
            Route("/shelters/{shelter}/{period}", inside(page.month)),
            Route("/shelters/{shelter}/{period}/{revision:int}/{what}", inside(page.evidence)),
            Route("/years", inside(page.years)),
            Route("/handouts", inside(page.handouts)),
            Route("/handouts/{name}", inside(page.handout)),
            Route("/late", inside(page.late)),
            Route("/invitations", inside(page.invitations)),
            Route("/invitations", inside(act.invite), methods=["POST"]),
            Route("/invitations/withdraw", inside(act.withdraw), methods=["POST"]),
            Route("/files", inside(page.files)),
            Route("/files", inside(act.open_file), methods=["POST"]),
            Route("/files/answer", inside(act.give_answer), methods=["POST"]),
            Route("/audit", inside(page.audit)),
            Route("/accounts", inside(page.accounts)),
            Route("/accounts/passphrase", inside(act.change_passphrase), methods=["POST"]),
        ],
        exception_handlers={
            HTTPException: _not_there,
            NotFound: _not_there,
            BodyTooLarge: _too_large,
            BodyTooSlow: _too_slow,
            ApprodoError: _refused,
            SQLAlchemyError: _store_failed,
            Exception: _fault,
        },
    )
    return _Headers(pages)


class _Headers:
    """Puts the headers of the board on every answer, also on that to a fault, which goes no further up."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        try:
            await self._app(scope, receive, with_headers)
        except Exception as error:  # noqa: BLE001 - answered already by `_fault`; what it said may name somebody
            _say_trouble("fault", scope, error)


async def _static(request: Request) -> Response:
    found = STATIC.get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    resource, kind = found
    return Response(read_bytes(resource), media_type=kind, headers={"Cache-Control": "private, max-age=3600"})


async def _not_there(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return _told(tr("board.not_there"), tr("board.not_there_hint"), status)


async def _too_large(_request: Request, _error: Exception) -> Response:
    return _told(tr("board.too_large"), tr("board.too_large_hint"), 413)


async def _too_slow(_request: Request, _error: Exception) -> Response:
    return _told(tr("board.too_slow"), tr("board.too_slow_hint"), 408)


async def _refused(_request: Request, error: Exception) -> Response:
    sentence = say_error(error) if isinstance(error, ApprodoError) else ""
    return _told(tr("board.refused"), sentence, 422)


async def _store_failed(request: Request, error: Exception) -> Response:
    _say_trouble("store_unavailable", request.scope, error)
    return _told(tr("board.fault"), tr("board.fault_hint"), 503)


async def _fault(_request: Request, _error: Exception) -> Response:
    return _told(tr("board.fault"), tr("board.fault_hint"), 500)


def _say_trouble(reason: str, scope: Scope, error: Exception) -> None:
    kind, _, where = place_of(error).partition(" ")
    number = str(scope.get("state", {}).get("request_id", "none"))
    say(reason, level=logging.ERROR, request_id=number, error=kind, where=where)


def _told(title: str, text: str, status: int) -> Response:
    values = {"title": title, "text": text, "back": BOARD, "account": None, "capofila": "", "here": "message"}
    return HTMLResponse(render("message", values), status_code=status)
