"""The first run's rules: rooms and beds from texts, what is asked of a project, the code typed back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.ui.presenters import wizard
from app.ui.presenters.wizard import RoomText, Shelter

GOOD = Shelter(ente="Ente di prova", house="Casa Aurora")


def test_rooms_are_made_in_a_moment() -> None:
    rooms = wizard.rooms_for(2, 3)
    assert [room.labels() for room in rooms] == [("1A", "1B", "1C"), ("2A", "2B", "2C")]
    assert wizard.bed_count(rooms) == 6
    assert not wizard.rooms_problem(rooms)


@pytest.mark.parametrize("text", ["A B C", "A,B,C", " A ; B / C "])
def test_beds_are_read_as_people_list_them(text: str) -> None:
    assert RoomText("1", text).bed_names() == ("A", "B", "C")


@pytest.mark.parametrize(
    "rooms",
    [
        (),
        (RoomText(" ", "A"),),
        (RoomText("1", "A"), RoomText("1 ", "B")),
        (RoomText("1", " "),),
        (RoomText("1", "A A"),),
        (RoomText("1", "1A"), RoomText("11", "A")),
    ],
)
def test_rooms_that_cannot_be_told_apart_are_refused(rooms: tuple[RoomText, ...]) -> None:
    assert wizard.rooms_problem(rooms)
    assert "rooms" in wizard.shelter_problems(replace(GOOD, rooms=rooms))


def test_a_shelter_needs_an_ente_a_name_and_a_bed_but_no_project() -> None:
    assert not wizard.shelter_problems(GOOD)
    assert set(wizard.shelter_problems(Shelter())) == {"ente", "house"}


@pytest.mark.parametrize(
    ("shelter", "wrong"),
    [
        (replace(GOOD, project="Bando"), {"starts_on"}),
        (replace(GOOD, cup="B12C34000560001"), {"project"}),
        (replace(GOOD, project="Bando", starts_on=date(2026, 1, 1), cup="B12"), {"cup"}),
        (replace(GOOD, project="Bando", starts_on=date(2026, 1, 2), ends_on=date(2026, 1, 1)), {"ends_on"}),
        (replace(GOOD, project="Bando", starts_on=date(2026, 1, 1), cup="b12c 3400 0560 001"), set()),
    ],
)
def test_a_project_is_told_whole_or_not_at_all(shelter: Shelter, wrong: set[str]) -> None:
    assert set(wizard.shelter_problems(shelter)) == wrong


@pytest.mark.parametrize(
    ("name", "login"),
    [("S. Bianchi", "sbianchi"), ("Maria Chiara Élan", "mcelan"), ("Awa", "awa"), ("  ", ""), ("D’Amico Lia", "dlia")],
)
def test_a_login_comes_from_the_name(name: str, login: str) -> None:
    assert wizard.login_of(name) == login


def test_the_draft_carries_all_steps() -> None:
    shelter = replace(GOOD, project="Bando 7", cup="b12c34000560001", starts_on=date(2026, 1, 1), province="MI")
    draft = wizard.setup_draft(shelter, wizard.Owner("S. Bianchi"), "una frase lunga")
    assert (draft.login, draft.role, draft.recovery) == ("sbianchi", "COORDINAMENTO", "cards")
    assert draft.project is not None
    assert draft.project.cup == "B12C34000560001"
    assert (draft.house.name, len(draft.house.rooms), draft.house.province) == ("Casa Aurora", 4, "MI")
    assert wizard.setup_draft(GOOD, wizard.Owner("A", recovery="sheet"), "x").project is None


def test_two_different_groups_are_asked_back() -> None:
    asked = {wizard.ask_groups(8) for _ in range(200)}
    assert all(0 <= first < second < 8 for first, second in asked)
    assert len(asked) > 10


def test_a_group_typed_by_hand_is_forgiven_what_the_code_forgives() -> None:
    assert wizard.is_same_group(" 10ab-x ", "10ABX")
    assert wizard.is_same_group("IOABX", "10ABX")
    assert not wizard.is_same_group("10AB", "10ABX")
