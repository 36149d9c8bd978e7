"""The sheet "who sees what is written about you" says what the program does: readers, threshold, term, her wish."""

from __future__ import annotations

from datetime import date

from app.reference.ids import HouseId
from app.services.counting import UncountedDraft
from app.services.guest import GuestDraft
from app.services.register import Register
from app.services.role import ADMINISTRATION, COORDINATION, SHIFT
from app.services.setting import WorkSettings
from app.services.sharing import readers
from app.services.stay import StayDraft
from tests.unit.prints_support import pdf_text


def test_who_reads_a_topic_is_asked_of_the_roles_themselves() -> None:
    by_topic = {each.topic: each.roles for each in readers()}
    assert ADMINISTRATION in by_topic["base"]
    assert by_topic["safety"] == (COORDINATION,)
    assert SHIFT in by_topic["appointments"]
    assert SHIFT not in by_topic["health"]


def test_a_guest_gets_her_code_her_wish_and_the_numbers_of_the_house(register: Register) -> None:
    guest, _ = register.stays.admit(GuestDraft("Rina"), StayDraft(HouseId(1), date(2026, 5, 1)))
    register.settings.change(WorkSettings("Ente di prova", threshold=8))
    register.countings.leave_out(UncountedDraft(guest, "OBJECTION", date(2026, 6, 2)))
    text = pdf_text(register.prints.sharing_form(guest, second_language="en"))
    assert register.guests.card(guest).code in text
    assert "non sei contata, dal 02/06/2026" in text
    assert "Ogni gruppo ha almeno 8 persone" in text
    assert "60 mesi" in text
    assert "Rina" not in text
    assert "Casa di prova" not in text


def test_a_blank_sheet_names_nobody_and_can_be_had_in_every_language(register: Register) -> None:
    for language, _ in (*register.prints.sharing_languages(), ("it", "")):
        text = pdf_text(register.prints.sharing_form(None, second_language=language))
        assert "Codice ospite" not in text
        assert "Chi vede quello che è scritto di te" in text
