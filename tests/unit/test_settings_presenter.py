"""What Impostazioni says, and moments in the time of the house."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime

import pytest

from app.errors import EnrolmentRefused
from app.reference.ids import HouseId
from app.reference.texts import use_language
from app.services.register import Register
from app.sync.outcome import REFUSALS
from app.ui.presenters import moment, settings
from app.ui.presenters.state import State


def test_the_page_is_asked_for_in_one_go(register: Register) -> None:
    view = settings.load(register, HouseId(1))
    assert view.house_name == "Casa di prova"
    assert view.work.threshold == 5
    assert view.place is None
    assert view.operator is not None
    assert not view.uses_keyring
    assert view.cipher_version.startswith("4.")


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_refusal_of_an_enrolment_is_a_sentence(language: str) -> None:
    use_language(language)
    for reason in (*REFUSALS, "something_newer"):
        said = settings.say_refusal(EnrolmentRefused(reason=reason))
        assert len(said) > 30
        assert "{" not in said


def test_the_choices_name_themselves() -> None:
    assert [code for code, _ in settings.language_choices()] == ["it", "en"]
    assert all(word for _, word in settings.theme_choices())


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (datetime(2026, 7, 2, 20, 40, tzinfo=UTC), "2 lug 2026, 22:40"),
        (datetime(2026, 1, 2, 23, 40, tzinfo=UTC), "3 gen 2026, 00:40"),
    ],
)
def test_moments_are_told_in_the_time_of_the_house(when: datetime, said: str) -> None:
    assert moment.moment(when) == said
    assert moment.hour(when) == said[-5:]
    assert moment.moment_short(when).endswith(said[-5:])


def test_a_state_is_told_once_and_does_not_change() -> None:
    state = State("green", "Ricevuto", "verified_user")
    with pytest.raises(FrozenInstanceError):
        state.tone = "red"  # type: ignore[misc]
