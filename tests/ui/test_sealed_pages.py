"""What is sealed, on the pages: closed it says so, damaged it is a sentence, and no page breaks on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.reference.texts import tr
from app.services.register import Register
from app.ui.context import Context
from app.ui.pages.guests_page import GuestsPage
from app.ui.pages.health_page import HealthPage
from app.ui.pages.today_page import TodayPage
from app.ui.presenters.place import GuestPlace
from tests.sealed_story import CANARY, Story, as_role, damage_all, tell
from tests.ui.desk import Told, context_of, put_on_screen

TABS = ("sheet", "stays", "diet", "health", "path", "documents", "diary", "consents", "access")
DAMAGED = "illeggibile"


@pytest.fixture
def story(register: Register) -> Story:
    return tell(register)


def words_on(widget: QWidget) -> str:
    labels = [label.text() + label.toolTip() for label in widget.findChildren(QLabel)]
    cells = [cell for view in widget.findChildren(QAbstractItemView) for cell in cells_of(view.model())]
    return " ".join(labels + cells)


def cells_of(model: QAbstractItemModel | None) -> Iterator[str]:
    if model is None:
        return
    for row in range(model.rowCount(QModelIndex())):
        for column in range(model.columnCount(QModelIndex())):
            index = model.index(row, column)
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                yield str(model.data(index, role))


def card_words(context: Context, story: Story, qtbot: QtBot) -> dict[str, str]:
    page = GuestsPage(context)
    put_on_screen(page, qtbot)
    page.open(GuestPlace(story.guest, "sheet"))
    found = {}
    for name in TABS:
        page.view.show_tab(name)
        found[name] = words_on(page.view._by_name[name])
    for dialog in page.findChildren(QDialog):
        dialog.close()
    return found


def page_words(page: HealthPage | TodayPage, qtbot: QtBot) -> str:
    put_on_screen(page, qtbot)
    page.open()
    return words_on(page)


def test_damaged_values_are_sentences_and_every_page_opens(register: Register, story: Story, qtbot: QtBot) -> None:
    damage_all(register, "a bit")
    context = context_of(register)
    told = Told(context)
    card = card_words(context, story, qtbot)
    for name in ("sheet", "stays", "health", "documents"):
        assert DAMAGED in card[name] or name == "stays", name
    assert DAMAGED in page_words(HealthPage(context), qtbot)
    page_words(TodayPage(context), qtbot)
    assert not [words for mood, words in told.words if mood == "error"]


def test_a_shift_is_told_what_is_reserved_and_reads_none_of_it(register: Register, story: Story, qtbot: QtBot) -> None:
    with as_role(register, "TURNO"):
        context = context_of(register)
        told = Told(context)
        card = card_words(context, story, qtbot)
        health = page_words(HealthPage(context), qtbot)
        today = page_words(TodayPage(context), qtbot)
        assert CANARY not in " ".join((*card.values(), health, today))
        assert tr("health.reserved") in health
        assert tr("guest.health_closed") in card["health"]
        assert tr("documents.closed") in card["documents"]
        assert tr("protection.reserved_law_note") in card["sheet"]
        assert not [words for mood, words in told.words if mood == "error"]
