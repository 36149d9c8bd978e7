"""The forms of the page Salute: each opened with what it needs, and given back what was half filled at the last lock.

What is shown and chosen is the page's business.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, time
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.reference.ids import GuestId
from app.reference.texts import tr
from app.ui.context import Context
from app.ui.dialogs.accompaniment_dialog import AccompanimentDialog
from app.ui.dialogs.booking_dialog import BookingDialog, FollowUpDialog
from app.ui.dialogs.outcome_dialog import OutcomeDialog
from app.ui.dialogs.referral_dialog import ReferralDialog
from app.ui.presenters import health

if TYPE_CHECKING:
    from app.services.referral import ReferralRow
    from app.ui.form import FormDialog

Slot: TypeAlias = "tuple[date, time]"
"""A day and an hour of the clock that a form begins with."""


class ReferralForms(QObject):
    """Opens the forms over a page; `opened` tells that a draft may have been taken up."""

    opened = Signal()

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page

    # --- one form each

    def new(self, guest: GuestId | None = None, slot: Slot | None = None) -> None:
        """Begin a referral."""

        def show(guests: list[tuple[str, str]], escorts: list[str]) -> None:
            dialog = ReferralDialog(self._context, self._page, guests, self._today(), guest, escorts=escorts)
            kept = self._context.drafts.get(dialog.form_id)
            if kept is not None and _is_for(json.loads(kept), guest):
                self._context.give_back(dialog)
            if slot is not None:
                dialog.propose_slot(*slot)
            self._open(dialog, "health.requested")

        self._with_guests(show)

    def amend(self, row: ReferralRow) -> None:
        """Put a request right."""

        def show(guests: list[tuple[str, str]], escorts: list[str]) -> None:
            hers = health.guest_choices([(row.guest, row.code, row.name_used)])
            known = guests if any(code == str(row.guest) for code, _ in guests) else [*hers, *guests]
            dialog = ReferralDialog(self._context, self._page, known, self._today(), escorts=escorts, row=row)
            self._give_back(dialog, row)
            self._open(dialog, "health.amended")

        self._with_guests(show)

    def book(self, row: ReferralRow, slot: Slot | None = None) -> None:
        """Book or move an appointment."""

        def show(escorts: list[str]) -> None:
            dialog = BookingDialog(self._context, self._page, row, self._today(), escorts)
            self._give_back(dialog, row)
            if slot is not None:
                dialog.propose_slot(*slot)
            self._open(dialog, "health.booked")

        self._with_escorts(show)

    def follow_up(self, row: ReferralRow) -> None:
        """Ask for the next check, or for another visit."""

        def show(escorts: list[str]) -> None:
            dialog = FollowUpDialog(self._context, self._page, row, self._today(), escorts)
            self._give_back(dialog, row)
            self._open(dialog, "health.followed")

        self._with_escorts(show)

    def close(self, row: ReferralRow, *, withdraw: bool = False) -> None:
        """Write how it went, or take it back as a mistake; then ask for the next one if that is wanted."""

        def show(escorts: list[str]) -> None:
            dialog = OutcomeDialog(self._context, self._page, row, self._today(), escorts, withdraw=withdraw)
            self._give_back(dialog, row)
            dialog.accepted.connect(lambda: self._again(row) if dialog.wants_again else None)
            self._open(dialog, "health.closed")

        self._with_escorts(show)

    def accompany(self, row: ReferralRow) -> None:
        """Write who went along and for how long."""

        def show(escorts: list[str]) -> None:
            dialog = AccompanimentDialog(self._context, self._page, row, escorts)
            self._give_back(dialog, row)
            self._open(dialog, "health.accompanied")

        self._with_escorts(show)

    def unbook(self, row: ReferralRow) -> None:
        """Take an appointment away."""
        referrals = self._context.register.referrals
        self._write(lambda: referrals.unbook(row.id), "health.unbooked")

    def reopen(self, row: ReferralRow) -> None:
        """Take an outcome back."""
        referrals = self._context.register.referrals
        self._write(lambda: referrals.reopen(row.id), "health.reopened")

    # --- what was half filled when the register locked

    def half_filled(self) -> str | None:
        """Return the form of this page that waits to be taken up again."""
        forms = (ReferralDialog, BookingDialog, FollowUpDialog, OutcomeDialog, AccompanimentDialog)
        return next((form.form_id for form in forms if form.form_id in self._context.drafts), None)

    def resume(self, find: Callable[[int], ReferralRow | None]) -> None:
        """Open the form that waits, with the referral that it was for; one that is gone loses its draft."""
        form = self.half_filled()
        if form is None:
            return
        number = json.loads(self._context.drafts[form]).get("referral")
        row = find(number) if isinstance(number, int) else None
        if number is None and form == ReferralDialog.form_id:
            self.new()
        elif row is None:
            self._context.drafts.pop(form, None)
            self.opened.emit()
        else:
            steps: dict[str, Callable[[ReferralRow], None]] = {
                ReferralDialog.form_id: self.amend,
                BookingDialog.form_id: self.book,
                FollowUpDialog.form_id: self.follow_up,
                OutcomeDialog.form_id: self.close,
                AccompanimentDialog.form_id: self.accompany,
            }
            steps[form](row)

    # --- inside

    def _today(self) -> date:
        return self._context.register.desk.today()

    def _again(self, row: ReferralRow) -> None:
        """Ask for the next referral of one that was just closed, as it now is."""
        referrals = self._context.register.referrals
        self._context.ask(self, lambda: referrals.get(row.id), self.follow_up)

    def _with_escorts(self, show: Callable[[list[str]], None]) -> None:
        referrals, house = self._context.register.referrals, self._context.house
        self._context.ask(self, lambda: referrals.escorts(house), show)

    def _with_guests(self, show: Callable[[list[tuple[str, str]], list[str]], None]) -> None:
        register, house = self._context.register, self._context.house

        def work() -> tuple[list[tuple[str, str]], list[str]]:
            rows = register.guests.list_rows(house)
            guests = health.guest_choices((row.id, row.code, row.name_used) for row in rows)
            return guests, register.referrals.escorts(house)

        self._context.ask(self, work, lambda found: show(*found))

    def _write(self, work: Callable[[], object], said: str) -> None:
        told = partial(self._context.told.emit, "ok", tr(said))
        self._context.write(self, work, lambda _: told(), changes="referrals")

    def _give_back(self, dialog: FormDialog, row: ReferralRow) -> None:
        """Fill a form again, but never with what was written for another referral."""
        kept = self._context.drafts.get(dialog.form_id)
        if kept is not None and json.loads(kept).get("referral") == row.id:
            self._context.give_back(dialog)

    def _open(self, dialog: FormDialog, said: str) -> None:
        dialog.accepted.connect(partial(self._context.told.emit, "ok", tr(said)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self.opened.emit()


def _is_for(kept: dict[str, object], guest: GuestId | None) -> bool:
    """Tell whether a kept form is a new referral, and of the guest that one is asked for now."""
    return "referral" not in kept and (guest is None or kept.get("guest") in (None, "", str(guest)))
