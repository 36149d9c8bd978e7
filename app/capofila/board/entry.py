"""Signing in and out: name, passphrase and second factor at once, and one answer whatever of them was wrong."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from app.capofila.account import SignedIn
from app.capofila.board.guard import ENTRY_COOKIE, SESSION_COOKIE, cookie
from app.capofila.board.visit import Visit
from app.capofila.limit import network_of
from app.reference.texts import tr, tr_n


def show_login(visit: Visit) -> Response:
    """Return the page at which one signs in."""
    return visit.page("login", tr("board.login_title"), problem="", name="")


def log_in(visit: Visit) -> Response:
    """Begin a session, or say that something was wrong and not what."""
    form = visit.form
    name = form.text("name")
    waits = visit.office.limits.sign_in.take(network_of(visit.address))
    if waits:
        return _again(visit, name, tr_n("board.login_wait", -(-waits // 60)), 429)
    found = visit.office.accounts.sign_in(name, form.secret("passphrase"), form.text("code"))
    if isinstance(found, SignedIn):
        answer = RedirectResponse("/board/", status_code=303)
        seconds = int((found.expires_at - visit.now).total_seconds())
        answer.headers.append("Set-Cookie", cookie(SESSION_COOKIE, found.token, seconds=max(seconds, 1)))
        answer.headers.append("Set-Cookie", cookie(ENTRY_COOKIE, "", seconds=0))
        return answer
    if found.reason == "sign_in_wait":
        return _again(visit, name, tr_n("board.login_wait", -(-(found.wait or 60) // 60)), 429)
    return _again(visit, name, tr("board.login_wrong"), 401)


def _again(visit: Visit, name: str, problem: str, status: int) -> Response:
    return visit.page("login", tr("board.login_title"), status=status, problem=problem, name=name[:120])


def log_out(visit: Visit) -> Response:
    """End the session here and in the store."""
    visit.office.accounts.sign_out(visit.token)
    answer = RedirectResponse("/board/login", status_code=303)
    answer.headers.append("Set-Cookie", cookie(SESSION_COOKIE, "", seconds=0))
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer
