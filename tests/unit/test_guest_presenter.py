"""What the guests' page says: labels, the line under a name, a stay in words, and who may see what.

Of `app.ui.presenters.guest`.
"""

from __future__ import annotations

from datetime import date

from app.reference.ids import GuestId, StayId
from app.services import role
from app.services.guest import BedSpan, Companion, GuestCard, GuestRow, StayLine
from app.ui.presenters import guest

STAY = StayLine(
    StayId(1),
    "Casa",
    "PRO",
    "3B",
    date(2026, 5, 1),
    None,
    None,
    None,
    31,
    2,
    beds=(BedSpan("3B", date(2026, 5, 1), None),),
)
CARD = GuestCard(
    GuestId(1), "4K7T-9", "Rina", 24, date(2002, 1, 1), "ANNO", "F", ("BGD",), ("bn", "en"), ("HAL", "ALL"), "arachidi",
    ("Ada",), (STAY,), (Companion(GuestId(2), "X", "Ada", is_minor=True),),
)  # fmt: skip


def test_the_line_under_the_name_says_age_country_and_children() -> None:
    assert guest.subtitle(CARD) == "24 anni · Bangladesh · 1 minore a carico"


def test_a_child_is_not_said_to_have_children() -> None:
    from dataclasses import replace

    assert "carico" not in guest.subtitle(replace(CARD, age=6))


def test_a_year_alone_is_not_shown_as_a_day() -> None:
    assert guest.birth(CARD) == "2002 (solo l’anno)"


def test_an_allergy_is_told_with_its_note() -> None:
    assert guest.diets(CARD) == ["Halal", "Allergia: arachidi"]
    assert not guest.diet_note(CARD)


def test_a_phase_is_short_on_a_chip() -> None:
    row = GuestRow(GuestId(1), "X", "Rina", "3B", "PRO", StayId(1), date(2026, 5, 1), None)
    assert guest.phase_chip(row) == ("Pronta accoglienza", "amber")
    left = GuestRow(GuestId(1), "X", "Rina", "3B", "PRO", StayId(1), date(2026, 5, 1), date(2026, 6, 3))
    assert guest.phase_chip(left) == ("Uscita 3 giu", "grey")


def test_roles_see_what_they_need() -> None:
    seen = {each: (role.may_see_health(each), role.may_see_exit_reason(each)) for each in ("COORDINAMENTO", "SALUTE")}
    assert seen == {"COORDINAMENTO": (True, True), "SALUTE": (True, False)}
    assert not role.may_see_health("AMMINISTRAZIONE")
    assert not role.may_see_health(None)


def test_the_sheet_is_offered_first_in_the_languages_she_speaks() -> None:
    offered = [("en", "English"), ("fr", "français"), ("es", "español")]
    assert [code for code, _ in guest.print_languages(offered, ("bn", "fr"))] == ["fr", "en", "es", "it"]


def test_phases_lived_in_a_house_come_first() -> None:
    assert [code for code, _ in guest.phase_choices()][:4] == ["PRO", "PRI", "SEC", "SEM"]


def test_the_head_says_the_bed_of_who_is_here_and_none_of_who_left() -> None:
    from dataclasses import replace

    facts = guest.strip_facts(replace(CARD, permit="C18", case_worker="S. Bianchi"), "COORDINAMENTO")
    assert [value for _, value in facts] == [
        "1 mag 2026, letto 3B", "–", "bengalese, inglese", "Halal, Allergia: arachidi",
        "Art. 18", "S. Bianchi",
    ]  # fmt: skip
    left = replace(CARD, stays=(replace(STAY, exit_on=date(2026, 6, 3)),))
    assert guest.strip_facts(left, "TURNO")[0][1] == "1 mag 2026"
    assert guest.strip_facts(left, "TURNO")[4][1] == "riservato"
    assert guest.shortened("x" * 60).endswith("…")


def test_the_last_access_is_told_with_its_day() -> None:
    from datetime import UTC, datetime

    from app.services.guest import LastAccess

    today = date(2026, 6, 15)
    at = datetime(2026, 6, 14, 20, 41, tzinfo=UTC)
    assert guest.last_access_words(LastAccess(at, "M. Ferri"), today).endswith("M. Ferri, ieri 22:41")
    assert "oggi" in guest.last_access_words(LastAccess(at.replace(day=15), None), today)
    assert "codice di recupero" in guest.last_access_words(LastAccess(at.replace(day=1), None), today)
    assert "Nessun altro" in guest.footer(None, today)


def test_somebody_known_is_told_with_her_last_stay() -> None:
    from dataclasses import replace

    assert guest.known_words(CARD) == ("Rina · 4K7T-9", "È già ospite: Casa, dal 1 mag 2026.")
    left = replace(CARD, stays=(replace(STAY, exit_on=date(2026, 6, 3)),))
    assert "fino al 3 giu 2026" in guest.known_words(left)[1]
    assert guest.companion_words("Sami", 0, is_minor=True) == "Sami, meno di 1 anno, minore"
