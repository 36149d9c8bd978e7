"""Drafts belong to a house: what was begun in one fills nothing in another, and neither is lost."""

from __future__ import annotations

from typing import ClassVar

import pytest
from pytestqt.qtbot import QtBot

from app.reference.ids import HouseId
from app.services.register import Register
from app.ui.context import Context
from tests.ui.desk import HOUSE, context_of

OTHER = HouseId(2)


class Note:
    """A form with one line; satisfies `app.ui.context.Draftable`."""

    form_id: ClassVar[str] = "note"

    def __init__(self, text: str = "") -> None:
        self.text = text

    def content(self) -> dict[str, object]:
        return {"text": self.text} if self.text else {}

    def restore(self, content: dict[str, object]) -> None:
        self.text = str(content["text"])


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


def given_back(context: Context, house: HouseId) -> str:
    context.house = house
    note = Note()
    context.give_back(note)
    return note.text


def test_a_draft_comes_back_once_and_in_its_house_alone(context: Context, register: Register) -> None:
    for house, text in ((HOUSE, "una"), (OTHER, "altra")):
        context.house = house
        context.keep(Note(text))
    register.drafts.keep_all(context.kept_drafts())
    again = context_of(register)
    again.take_drafts(register.drafts.take_all())
    assert given_back(again, HouseId(3)) == ""
    assert given_back(again, OTHER) == "altra"
    assert given_back(again, OTHER) == ""
    assert given_back(again, HOUSE) == "una"
    assert register.drafts.take_all() == {}


def test_a_draft_that_names_no_house_fills_nothing(context: Context) -> None:
    context.take_drafts({"note": "{}", "note@": "{}", "note@casa": "{}"})
    assert context.kept_drafts() == {}


def test_an_empty_form_is_no_draft(context: Context) -> None:
    context.keep(Note())
    context.keep(object())
    assert context.kept_drafts() == {}
