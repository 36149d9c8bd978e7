"""One request to the board, from the door on: who is signed in, what the form said; and how a page answers it.

Handlers are plain functions on a worker thread: a visit comes in, a response goes out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.capofila.account import AT_ONCE, Account
from app.capofila.board.form import Form, read_fields, read_form
from app.capofila.board.guard import (
    CSRF_FIELD,
    ENTRY_COOKIE,
    SESSION_COOKIE,
    cookie,
    csrf_token,
    is_ours,
    new_entry,
)
from app.capofila.board.render import render
from app.capofila.body import read_body
from app.capofila.handout.network import DUE_DAY, Due, local_day
from app.reference.texts import tr

if TYPE_CHECKING:
    from app.capofila.office import Office

LARGEST_FORM = 256 * 1024
FORM_SECONDS = 60.0
"""A file of a shelter passes in that time on a bad line."""

LARGEST_LOGIN = 8 * 1024
LOGIN_SECONDS = 10.0
MOST_WAITING = 8
"""So many sign-ins may wait for their turn; a password takes a third of a second, and more of them nobody waits for."""

Handler = Callable[["Visit"], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody who is signed in (`account`), or stands before the door (None)."""

    office: Office
    now: datetime
    account: Account | None
    secret: str = field(repr=False)
    host: str
    address: str | None
    path: Mapping[str, str]
    query: Mapping[str, str]
    form: Form
    token: str = field(repr=False, default="")
    due_day: int = DUE_DAY

    @property
    def due(self) -> Due:
        """Return today and the due day, where the shelters are."""
        return Due(local_day(self.now), self.due_day)

    @property
    def account_id(self) -> str | None:
        """Return whose visit it is, for the audit log."""
        return self.account.id if self.account is not None else None

    def page(self, template: str, title: str, *, status: int = 200, **values: Any) -> Response:
        """Return a page; `title` is a sentence already."""
        shown = {
            "account": self.account,
            "csrf": csrf_token(self.secret),
            "csrf_field": CSRF_FIELD,
            "capofila": self.office.keys.identity.name,
            "title": title,
            "here": template,
            **values,
        }
        return HTMLResponse(render(template, shown), status_code=status)

    def message(self, title: str, text: str, *, status: int, back: str = "/board/") -> Response:
        """Return a page with one sentence and the way back."""
        return self.page("message", title, status=status, text=text, back=back)


class Door:
    """Lets requests in: finds the session, reads the form, refuses what no page of ours has sent."""

    def __init__(self, office: Office, now: Callable[[], datetime], due_day: int) -> None:
        self._office = office
        self._now = now
        self._due_day = due_day
        self._room = asyncio.Semaphore(AT_ONCE)
        self._at_the_door = 0

    def signed_in(self, handler: Handler) -> Endpoint:
        """Return the endpoint of a page for those who are signed in; others are led to the door."""

        async def endpoint(request: Request) -> Response:
            token = request.cookies.get(SESSION_COOKIE, "")
            account = await run_in_threadpool(self._office.accounts.find, token) if token else None
            if account is None:  # nothing of a stranger's form is read
                return RedirectResponse("/board/login", status_code=303)
            visit = self._visit(request, account, token, await _form(request, LARGEST_FORM, FORM_SECONDS, read_form))
            if request.method == "POST" and not _is_sent_by_us(request, token, visit.form):
                return visit.message(tr("board.form_old"), tr("board.form_old_hint"), status=403)
            return await run_in_threadpool(handler, visit)

        return endpoint

    def before(self, handler: Handler) -> Endpoint:
        """Return the endpoint of the page at which one signs in; it remembers the browser, nobody."""

        async def endpoint(request: Request) -> Response:
            form = await _form(request, LARGEST_LOGIN, LOGIN_SECONDS, read_fields)
            known = request.cookies.get(ENTRY_COOKIE, "")
            secret = known or new_entry()
            visit = self._visit(request, None, secret, form)
            if request.method == "POST" and not (known and _is_sent_by_us(request, secret, form)):
                return visit.message(tr("board.form_old"), tr("board.form_old_hint"), status=403, back="/board/login")
            answer = await self._let_in(handler, visit, is_try=request.method == "POST")
            if not known:
                answer.headers.append("Set-Cookie", cookie(ENTRY_COOKIE, secret))
            return answer

        return endpoint

    async def _let_in(self, handler: Handler, visit: Visit, *, is_try: bool) -> Response:
        """Answer before the door; tries wait here for each other, so that they take no worker from who reports."""
        if not is_try:
            return await run_in_threadpool(handler, visit)
        if self._at_the_door >= AT_ONCE + MOST_WAITING:
            return visit.message(tr("board.login_crowd"), tr("board.login_crowd_hint"), status=429, back="/board/login")
        self._at_the_door += 1
        try:
            async with self._room:
                return await run_in_threadpool(handler, visit)
        finally:
            self._at_the_door -= 1

    def _visit(self, request: Request, account: Account | None, secret: str, form: Form) -> Visit:
        return Visit(
            office=self._office,
            now=self._now(),
            account=account,
            secret=secret,
            host=request.url.netloc,
            address=request.client.host if request.client is not None else None,
            path=dict(request.path_params),
            query=dict(request.query_params),
            form=form,
            token=secret if account is not None else "",
            due_day=self._due_day,
        )


def _is_sent_by_us(request: Request, secret: str, form: Form) -> bool:
    return is_ours(secret, form.text(CSRF_FIELD), request.headers.get("Sec-Fetch-Site", ""))


async def _form(request: Request, most: int, seconds: float, read: Callable[[str, bytes], Form]) -> Form:
    """Return the form of a POST, read on a worker; raises BodyTooLarge or BodyTooSlow."""
    if request.method != "POST":
        return Form()
    body = await read_body(request, most, seconds)
    return await run_in_threadpool(read, request.headers.get("Content-Type", ""), body)
