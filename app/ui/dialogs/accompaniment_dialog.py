"""The form for who went along to a visit that is over, and for how long.

How the visit went is another form, which asks for the same two things.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.format import day
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.presenters import health
from app.ui.widgets.escort_form import EscortForm

if TYPE_CHECKING:
    from app.services.referral import ReferralRow
    from app.ui.context import Context


class AccompanimentDialog(FormDialog):
    """Writes the accompaniment; `accepted` when the register took it."""

    form_id: ClassVar[str] = "referral_accompaniment"

    def __init__(self, context: Context, parent: QWidget | None, row: ReferralRow, escorts: Sequence[str] = ()) -> None:
        when = day(row.outcome_on) if row.outcome_on is not None else ""
        lead = tr("health.accompany_lead", guest=row.name_used, service=health.service(row.service), day=when)
        super().__init__(parent, tr("health.accompany_title"), lead)
        self._context, self._row = context, row
        self.form = EscortForm(escorts, row.accompanied_by, row.accompanied_minutes)
        self.body.addWidget(self.form)
        self.add_cancel()
        self.save = self.add_action(tr("health.save_accompany"), self._save)
        self._proposed = self._filled()
        (self.form.time if row.accompanied_by else self.form.escort).setFocus()

    def _filled(self) -> dict[str, object]:
        return {"escort": self.form.name(), "time": self.form.time.text().strip() or None}

    def content(self) -> dict[str, object]:
        """Return what is filled in, with the referral that it is for; empty while all is as proposed."""
        filled = self._filled()
        return {"referral": self._row.id, **filled} if filled != self._proposed else {}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        for name, line in (("escort", self.form.escort), ("time", self.form.time)):
            value = content.get(name)
            line.setText(value if isinstance(value, str) else "")

    def _save(self) -> None:
        read_well, minutes = self.form.read()
        if not read_well:
            return
        self.save.setEnabled(False)
        referrals, number, name = self._context.register.referrals, self._row.id, self.form.name()
        self._context.write(
            self,
            lambda: referrals.accompany(number, name, minutes),
            lambda _: self.accept(),
            changes="referrals",
            failed=self._refused,
        )

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(say_error(error))
