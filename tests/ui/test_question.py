"""Questions that are waited for: what a lock takes away under them is a no."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui.question import QtDialogs


def test_a_question_whose_page_is_taken_away_is_a_no(qtbot: QtBot) -> None:
    for ask in ("ask", "say"):
        page = QWidget()
        page.show()
        dialogs = QtDialogs(page)

        def take_away(page: QWidget = page) -> None:
            question = QApplication.activeModalWidget()
            assert question is not None
            question.close()
            shiboken6.delete(page)

        QTimer.singleShot(0, take_away)
        assert not (dialogs.ask("Qui?", "Sul serio?", yes="Sì") if ask == "ask" else dialogs.say("Ecco", "Letto?"))
