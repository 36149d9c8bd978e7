"""Tonight's needs, health coverage, things handed over, papers and consent: the last parts of an entry.

It reads and shows what is typed; what will do is decided by `app.ui.presenters.intake` and the register.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QObject

from app.reference.texts import tr
from app.ui.kit.code_combo import ChoiceCombo, CodeCombo
from app.ui.kit.day_edit import DayEdit
from app.ui.kit.field import Field
from app.ui.presenters.draft import as_text, as_texts
from app.ui.presenters.guest import choices
from app.ui.presenters.intake import Intake, papers_offered
from app.ui.widgets.check_grid import CheckGrid
from app.ui.widgets.half_typed import give_choice, keep_choice
from app.ui.widgets.thing_rows import ThingRows


class PaperForm(QObject):
    """The fields by name, for a dialog to lay out."""

    def __init__(self, today: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.needs = CheckGrid(choices("need"))
        self.coverage = CodeCombo(choices("coverage"), may_be_empty=True)
        self.coverage_until = DayEdit(None, today=today)
        self.things = ThingRows()
        self.papers = CheckGrid(papers_offered(), columns=1)
        self.language = CodeCombo(choices("language"), may_be_empty=True)
        self.interpreter = CodeCombo(choices("interpreter"), may_be_empty=True)
        self.consent = ChoiceCombo([("", tr("entry.not_asked")), *choices("consent_answer")])
        self.fields = {
            "needs": Field(tr("entry.needs"), self.needs),
            "coverage": Field(tr("entry.coverage"), self.coverage),
            "coverage_until": Field(tr("entry.coverage_until"), self.coverage_until),
            "things": Field(tr("entry.things"), self.things, help_text=tr("entry.things_help")),
            "papers": Field(tr("entry.papers"), self.papers),
            "language": Field(tr("entry.paper_language"), self.language),
            "interpreter": Field(tr("entry.interpreter"), self.interpreter),
            "consent": Field(tr("entry.consent"), self.consent, help_text=tr("entry.consent_help")),
        }

    def offer_language(self, languages: tuple[str, ...]) -> None:
        """Propose the language that she speaks best for the papers, as long as no other is chosen."""
        if languages and not self.language.currentText():
            self.language.set_code(languages[0])

    def put_into(self, form: Intake) -> Intake:
        """Return a form with what is typed here."""
        return replace(
            form,
            needs=self.needs.codes(),
            things=self.things.things(),
            papers=self.papers.codes(),
            language=self.language.code(),
            interpreter=self.interpreter.code(),
            consent=self.consent.code() or None,
            coverage=self.coverage.code(),
            coverage_until=self.coverage_until.day(),
        )

    def problems(self) -> dict[str, str]:
        """Return what a line itself finds wrong, by field."""
        said = {
            "coverage": self.coverage.problem(),
            "coverage_until": self.coverage_until.problem(),
            "language": self.language.problem(),
            "interpreter": self.interpreter.problem(),
        }
        return {name: problem for name, problem in said.items() if problem}

    def content(self) -> dict[str, object]:
        """Return what is typed, as values that JSON can hold."""
        return {
            "needs": list(self.needs.codes()),
            "things": self.things.content(),
            "papers": list(self.papers.codes()),
            "language": keep_choice(self.language),
            "interpreter": keep_choice(self.interpreter),
            "consent": self.consent.code(),
            "coverage": keep_choice(self.coverage),
            "coverage_until": self.coverage_until.text(),
        }

    def restore(self, content: dict[str, object]) -> None:
        """Fill the fields from a draft."""
        self.needs.set_codes(as_texts(content.get("needs")))
        self.things.restore(content.get("things"))
        self.papers.set_codes(as_texts(content.get("papers")))
        self.consent.set_code(as_text(content.get("consent")))
        for name, combo in (
            ("language", self.language),
            ("interpreter", self.interpreter),
            ("coverage", self.coverage),
        ):
            give_choice(combo, content.get(name))
        self.coverage_until.setText(as_text(content.get("coverage_until")))
