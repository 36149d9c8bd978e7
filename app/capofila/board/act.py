"""What people do on the board: invite, revoke, open a file, change their passphrase; each is a form that was posted."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse, Response

from app.capofila.board.page import DAYS, invitations
from app.capofila.board.qr import qr_svg
from app.capofila.board.visit import Visit
from app.capofila.file_desk import answer_name
from app.capofila.handout.network import visible
from app.capofila.register import get_shelter
from app.errors import AddressRefused, ApprodoError, InvitationClosed, NotFound, ShelterIsHere, ShelterWasHere
from app.reference.codelist import codelist
from app.reference.texts import say_error, tr
from app.sync.key import PublicKey

if TYPE_CHECKING:
    from app.sync.invitation import Invitation

ANOTHER = "another"
"""What the form says of a name that a shelter has or had: this is another house."""

_MOST_DAYS = 60


def invite(visit: Visit) -> Response:
    """Make an invitation and show it, this once: for a new shelter, or for one that lost its key and stays itself."""
    form = visit.form
    province = form.text("province")
    how: dict[str, Any] = {
        "url": form.text("url"),
        "days_valid": _days(form.text("days")),
        "pins_certificate": form.text("public") != "yes",
        "account": visit.account_id,
    }
    enrolments = visit.office.enrolments
    try:
        if form.text("again"):
            made = enrolments.invite_again(get_shelter(visit.office.store, form.text("again")).id, **how)
        else:
            was = form.text("was")
            if not was:
                enrolments.check_new(form.text("shelter"))
            known = province if province in codelist("province") else None
            continued = None if was in ("", ANOTHER) else get_shelter(visit.office.store, was).id
            made = enrolments.invite(shelter_name=form.text("shelter"), province=known, succeeds=continued, **how)
    except NotFound:
        raise
    except (ShelterIsHere, ShelterWasHere) as error:
        namesake = get_shelter(visit.office.store, str(error.params["shelter"]))
        return invitations(visit, problem=say_error(error), namesake=namesake)
    except AddressRefused:  # its own sentence is for a shelter that reads an invitation
        return invitations(visit, problem=tr("board.invite_url_wrong"))
    except ApprodoError as error:
        return invitations(visit, problem=say_error(error))
    return _invited(visit, made)


def withdraw(visit: Visit) -> Response:
    """Let nobody use an invitation any more."""
    try:
        visit.office.enrolments.withdraw(visit.form.text("invitation"), account=visit.account_id)
    except InvitationClosed as error:
        return invitations(visit, problem=say_error(error))
    return RedirectResponse("/board/invitations", status_code=303)


def revoke(visit: Visit) -> Response:
    """Take no more packages from a shelter, once somebody has said so twice."""
    shelter = get_shelter(visit.office.store, visit.path["shelter"])
    if visit.form.text("sure") != "yes":
        return RedirectResponse(f"/board/shelters/{shelter.id}/revoke", status_code=303)
    visit.office.enrolments.revoke(shelter.id, account=visit.account_id)
    return RedirectResponse(f"/board/shelters/{shelter.id}", status_code=303)


def open_file(visit: Visit) -> Response:
    """Take a file as if it had come over the network, say what it was, and offer the answer."""
    content = visit.form.files.get("file", b"")
    if not content:
        return visit.page("files", tr("board.files_title"), status=422, problem=tr("board.files_none"))
    opened = visit.office.files.open_file(content, account=visit.account_id)
    shelter = get_shelter(visit.office.store, opened.shelter_id) if opened.shelter_id else None
    reason = f"error.refused_{opened.reason}"
    return visit.page(
        "opened",
        tr(f"board.opened_{opened.kind}"),
        opened=opened,
        shelter=shelter,
        why=_reason(reason) if opened.reason else "",
        answer=base64.b64encode(opened.content).decode("ascii") if opened.content is not None else "",
        answer_name=answer_name(visit.form.names.get("file", "")),
    )


def give_answer(visit: Visit) -> Response:
    """Return the answer to a file as a file; the page kept it, so that any instance can hand it over."""
    try:
        content = base64.b64decode(visit.form.text("answer"), validate=True)
    except (ValueError, binascii.Error):
        content = b""
    name = answer_name(visit.form.text("name").replace("-ricevuta", ""))
    return Response(
        content,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def change_passphrase(visit: Visit) -> Response:
    """Give whoever is signed in another passphrase; she signs in again with it."""
    form = visit.form
    if form.secret("new") != form.secret("again"):
        return _accounts_problem(visit, tr("board.passphrase_differs"))
    try:
        visit.office.accounts.change_password(visit.account_id or "", form.secret("old"), form.secret("new"))
    except ApprodoError as error:
        return _accounts_problem(visit, say_error(error))
    return RedirectResponse("/board/login", status_code=303)


def _accounts_problem(visit: Visit, problem: str) -> Response:
    from app.capofila.board.page import accounts

    return accounts(visit, problem=problem)


def _invited(visit: Visit, made: Invitation) -> Response:
    text = made.to_text()
    return visit.page(
        "invited",
        f"{tr('board.invited_title')} {visible(made.shelter_name)}",
        shelter=made.shelter_name,
        text=text,
        qr=qr_svg(text, tr("board.invited_qr")),
        code=made.comparison_code(),
        fingerprint=PublicKey(made.key).fingerprint(),
    )


def _days(text: str) -> int:
    return min(max(int(text), 1), _MOST_DAYS) if text.isascii() and text.isdigit() else DAYS


def _reason(key: str) -> str:
    try:
        return tr(key)
    except KeyError:
        return tr("board.opened_reason_other")
