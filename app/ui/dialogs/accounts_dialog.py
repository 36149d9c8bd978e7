"""Until when a project's accounts need personal data: one day, or none while they are open.

Who may say it is decided by the register.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import DayEdit, Field
from app.ui.presenters.draft import day_from_text

if TYPE_CHECKING:
    from app.services.erasure_plan import ProjectHold
    from app.ui.context import Context


class AccountsDialog(FormDialog):
    """Asks for the day."""

    form_id: ClassVar[str] = "accounts"

    def __init__(self, context: Context, project: ProjectHold, parent: QWidget | None = None) -> None:
        title = tr("retention.projects_title", name=project.name)
        super().__init__(parent, title, tr("retention.projects_lead"), width=520)
        self.form_id = f"{type(self).form_id}_{project.id}"  # type: ignore[misc]  # of one project
        self._context, self._project = context, project
        self.day = DayEdit(project.hold_until, today=context.register.desk.today)
        self._field = Field(tr("retention.projects_day"), self.day, help_text=tr("retention.projects_day_help"))
        self.body.addWidget(self._field)
        self.add_cancel()
        self.save = self.add_action(tr("retention.projects_save"), self._on_save, "check")
        self.day.setFocus()

    def content(self) -> dict[str, object]:
        """Return the day as typed, when it was changed."""
        day = self.day.day()
        return {} if day == self._project.hold_until else {"day": day.isoformat() if day else None}

    def restore(self, content: dict[str, object]) -> None:
        """Type it again."""
        self.day.set_day(day_from_text(content.get("day")))

    def _on_save(self) -> None:
        problem = self.day.problem()
        self._field.set_error(problem)
        if problem:
            self._field.setFocus()
            return
        retentions, project, day = self._context.register.retentions, self._project.id, self.day.day()
        self.save.setEnabled(False)

        def done(_: None) -> None:
            self._context.told.emit("ok", tr("retention.projects_saved"))
            self.accept()

        self._context.write(
            self, lambda: retentions.hold_project(project, day), done, changes="settings", failed=self._refused
        )

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(say_error(error))
