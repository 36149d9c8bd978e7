"""Half-filled forms, kept inside the vault when it locks and given back to their owner alone.

A draft is plain text here; the form knows what it means.
"""

from __future__ import annotations

from sqlalchemy import delete, select

from app.models.work import Draft
from app.services.desk import Desk


class Drafts:
    """The drafts of the operator at the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def keep(self, form: str, content: str) -> None:
        """Keep a form's content; without an operator (opened by recovery code) there is nobody to keep it for."""
        owner = self._desk.vault.operator
        if owner is None:
            return
        with self._desk.vault.work() as session:
            session.merge(Draft(operator_id=owner, form=form, content=content, saved_at=self._desk.now()))

    def keep_all(self, drafts: dict[str, str]) -> None:
        """Keep several forms' contents in one go."""
        for form, content in drafts.items():
            self.keep(form, content)

    def take_all(self) -> dict[str, str]:
        """Return all drafts of this operator, by form."""
        with self._desk.vault.work() as session:
            rows = session.execute(
                select(Draft.form, Draft.content).where(Draft.operator_id == self._desk.vault.operator)
            )
            return {form: content for form, content in rows}  # noqa: C416 - a result looks like a mapping to dict()

    def drop(self, form: str) -> None:
        """Remove this operator's draft of a form."""
        with self._desk.vault.work() as session:
            session.execute(delete(Draft).where(Draft.operator_id == self._desk.vault.operator, Draft.form == form))
