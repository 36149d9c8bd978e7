"""The soft warning in a register of invented hundreds: most of those known are told, few of the new give an alarm.

The marks are loose on purpose; the figures of a larger population are in `test_likeness`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import insert

from app.models.guest import Guest, GuestCitizenship
from app.reference.ids import GuestId, HouseId
from app.services.guest import GuestDraft
from app.services.register import Register
from app.services.stay import StayDraft

NOW = datetime(2026, 6, 15, tzinfo=UTC)
NAMES = {
    "NGA": (
        "Blessing Joy Grace Faith Favour Precious Mercy Osaretin Loveth Ngozi Chioma",
        "Osagie Igbinosa Okafor Eze",
    ),
    "BGD": ("Rina Fatema Nasrin Shirin Rashida Zubaida Taslima Salma Khadija", "Begum Akter Khatun Hossain Chowdhury"),
    "MAR": ("Khadija Fatima Naima Bouchra Jamila Hanane Rachida Loubna", "Idrissi Benali Alaoui Bennani Ouali"),
    "UKR": ("Oksana Yuliia Svitlana Nataliia Liudmyla Halyna Viktoriia", "Shevchenko Kovalchuk Melnyk Tkachenko"),
    "SEN": ("Awa Fatou Khady Aissatou Mariama Seynabou Coumba", "Diallo Ndiaye Diop Sow Gueye"),
    "ALB": ("Elira Drita Xhensila Ermira Blerina Valbona", "Hoxha Shehu Dervishi Marku"),
}
SPELLINGS = (("kh", "h"), ("ou", "u"), ("ee", "i"), ("iia", "ia"), ("sh", "ch"), ("ss", "s"), ("y", "i"), ("a", "ah"))
KNOWN, TRIED = 400, 60


def person(random: Random) -> GuestDraft:
    country = random.choice(tuple(NAMES))
    given, family = (random.choice(names.split()) for names in NAMES[country])
    birth = date(1999, 1, 1) + timedelta(days=random.randrange(-4000, 3000))
    return GuestDraft(given, given, family, birth, "CERTA", "F", (country,))


def respelled(random: Random, name: str) -> str:
    for written, other in random.sample(SPELLINGS, len(SPELLINGS)):
        if written in name[1:]:
            return name[0] + name[1:].replace(written, other, 1)
    return name


def entered_anew(random: Random, known: GuestDraft) -> GuestDraft:
    """Return a person as another clerk enters her: the name respelled, the birth date as far as it is known."""
    assert known.birth_date is not None
    given, family = (respelled(random, name or "") for name in (known.given_name, known.family_name))
    if random.random() < 0.15:
        given, family = family, given
    day = known.birth_date
    birth, quality = random.choice(
        (
            (day, "CERTA"),
            (day, "CERTA"),
            (date(day.year, 1, 1), "ANNO"),
            (date(day.year, day.day, day.month) if day.day <= 12 else day, "CERTA"),
            (None, "IGNOTA"),
        )
    )
    return GuestDraft(known.name_used, given, family, birth, quality, "F", known.citizenships)


@pytest.fixture
def people(register: Register) -> dict[GuestId, GuestDraft]:
    random = Random(1)
    made = {GuestId(number): person(random) for number in range(1, KNOWN + 1)}
    with register.desk.vault.work() as session:
        session.execute(
            insert(Guest),
            [
                {
                    "id": number,
                    "code": f"{number:05}",
                    "name_used": draft.name_used,
                    "given_name": draft.given_name,
                    "family_name": draft.family_name,
                    "birth_date": draft.birth_date,
                    "birth_quality": draft.birth_quality,
                    "gender": draft.gender,
                    "created_at": NOW,
                }
                for number, draft in made.items()
            ],
        )
        lands = [{"guest_id": number, "country": draft.citizenships[0]} for number, draft in made.items()]
        session.execute(insert(GuestCitizenship), lands)
    return made


def test_most_of_those_known_are_told_and_few_of_the_new(register: Register, people: dict[GuestId, GuestDraft]) -> None:
    random = Random(2)
    tried = random.sample(sorted(people), TRIED)
    told = {each: register.likenesses.of(entered_anew(random, people[each])) for each in tried}
    found = sum(any(line.id == each for line in lines) for each, lines in told.items())
    right = found / sum(len(lines) for lines in told.values())
    alarms = sum(bool(register.likenesses.of(person(random))) for _ in range(TRIED))
    assert found / TRIED >= 0.8
    assert right >= 0.8
    assert alarms / TRIED <= 0.1


def test_of_somebody_with_a_name_used_alone_only_namesakes_of_a_rare_name_are_told(
    register: Register, people: dict[GuestId, GuestDraft]
) -> None:
    guest = register.stays.admit(GuestDraft("Zuleika"), StayDraft(HouseId(1), date(2026, 6, 1)))[0]
    for typed in ("Zuleika", "Zuleikha"):
        assert [told.name_used for told in register.likenesses.of(GuestDraft(typed))] == ["Zuleika"], guest
    for typed in ("Parwin", "Tigist", "Mihaela", "Marisol", "Lindiwe", "Khadija", "Fatou"):
        assert register.likenesses.of(GuestDraft(typed)) == []
