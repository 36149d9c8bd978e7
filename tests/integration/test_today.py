"""What the page Oggi and the meal sheet are told: counts of what is recorded, and of what is missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from app.models.house import Bed, BedClosure, BedHold
from app.models.inclusion import InclusionStep
from app.models.night import Month
from app.models.stay import Stay
from app.models.work import Operator
from app.reference.ids import GuestId, HouseId, StayId
from app.services.guest import GuestDraft
from app.services.house import HouseDraft
from app.services.presence import NightMark
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.services.stay import StayDraft

HOUSE = HouseId(1)
TODAY = date(2026, 6, 15)


def admit(
    register: Register, name: str, entered: date = date(2026, 6, 10), house: HouseId = HOUSE, **guest: object
) -> tuple[GuestId, StayId]:
    return register.stays.admit(GuestDraft(name, **guest), StayDraft(house, entered))  # type: ignore[arg-type]


def test_holes_are_the_past_nights_that_lack_records_and_tonight_is_none(register: Register) -> None:
    _, rina = admit(register, "Rina")
    _, joy = admit(register, "Joy", date(2026, 6, 13))
    register.presences.record([NightMark(rina, date(2026, 6, 10) + timedelta(days=n), "P") for n in range(4)])
    register.presences.record([NightMark(joy, date(2026, 6, 13), "A")])
    today = register.todays.of(HOUSE)
    assert today.holes == ((date(2026, 6, 14), 2),)
    assert dict(today.last_days)[date(2026, 6, 13)] == 1


def test_a_night_of_an_earlier_month_is_missed_while_it_is_among_the_days_shown(register: Register) -> None:
    admit(register, "Rina", date(2026, 5, 20))
    holes = dict(register.todays.of(HOUSE).holes)
    assert min(holes) == date(2026, 6, 1)
    assert date(2026, 5, 31) not in holes


def test_today_tells_who_confirmed_the_night_and_in_what_states(register: Register) -> None:
    _, rina = admit(register, "Rina")
    _, joy = admit(register, "Joy")
    assert register.todays.of(HOUSE).round_at is None
    register.presences.confirm(HOUSE, TODAY, {rina: "P", joy: "O"})
    today = register.todays.of(HOUSE)
    assert (today.present, today.away, today.to_confirm) == (1, 1, 0)
    assert today.states == {"P": 1, "O": 1}
    assert today.round_by == "S. Bianchi"
    assert today.round_at == register.desk.now()


def test_upcoming_appointments_are_those_of_seven_house_days_that_are_still_open(register: Register) -> None:
    guest, _ = admit(register, "Rina")

    def book(at: datetime) -> object:
        referral = register.referrals.request(ReferralDraft(guest, "CON", TODAY))
        register.referrals.book(referral, at)
        return referral

    book(datetime(2026, 6, 22, 9, 0, tzinfo=UTC))
    far = book(datetime(2026, 6, 21, 9, 0, tzinfo=UTC))
    near = book(datetime(2026, 6, 16, 9, 0, tzinfo=UTC))
    closed = book(datetime(2026, 6, 15, 9, 0, tzinfo=UTC))
    register.referrals.close(closed, "SVOLTO", TODAY)  # type: ignore[arg-type]
    assert [row.id for row in register.todays.of(HOUSE).upcoming] == [near, far]


def test_a_house_that_cooks_for_itself_has_days_and_no_meals(register: Register) -> None:
    for supply in ("AUTOGESTIONE", "BUONI_SPESA"):
        house = register.houses.add(HouseDraft(f"Casa {supply}", "DONNE", supply, "PRI", capacity=3))
        admit(register, "Rina" + supply, house=house)
        today = register.todays.of(house)
        assert (today.self_catering, today.meal_days, today.meals) == (True, 1, 0)


def test_the_meal_sheet_says_who_confirmed_it_and_whether_the_month_is_closed(register: Register) -> None:
    _, stay = admit(register, "Rina", date(2026, 5, 31))
    last = date(2026, 5, 31)
    assert register.meals.sheet(HOUSE, last).confirmed_at is None
    register.meals.confirm(HOUSE, last, {stay: ("CEN",)})
    register.presences.record([NightMark(stay, last, "P")])
    assert not register.meals.sheet(HOUSE, last).closed
    register.months.close(HOUSE, Month(2026, 5))
    sheet = register.meals.sheet(HOUSE, last)
    assert sheet.closed
    assert (sheet.confirmed_by, sheet.confirmed_at) == ("S. Bianchi", register.desk.now())


def test_the_kitchen_does_not_cook_for_who_eats_elsewhere(register: Register) -> None:
    _, here = admit(register, "Rina", diets=("HAL",))
    _, out = admit(register, "Joy", diets=("HAL",))
    register.meals.confirm(HOUSE, TODAY, {here: ("PRA",), out: ("EXT",)})
    sheet = register.meals.sheet(HOUSE, TODAY)
    assert sheet.diets() == {"HAL": 1}
    assert sheet.eaters() == 1
    assert sheet.kinds() == {"PRA": 1, "EXT": 1}


def test_the_meal_sheet_marks_who_is_a_minor(register: Register) -> None:
    mother, _ = admit(register, "Rina")
    admit(register, "Ada", birth_date=date(2020, 3, 1), birth_quality="CERTA", together_with=mother)
    minors = {row.name_used: row.minor for row in register.meals.sheet(HOUSE, TODAY).rows}
    assert minors == {"Ada": True, "Rina": False}


def become(register: Register, role: str) -> None:
    with register.desk.vault.work() as session:
        session.get_one(Operator, register.desk.vault.operator).role = role


def step(guest: GuestId, kind: str, at: datetime | None = None, **changes: object) -> InclusionStep:
    written = datetime(2026, 6, 1, tzinfo=UTC)
    fields = {"state": "IN_CORSO", "started_on": TODAY, "written_at": written, "appointment_at": at}
    return InclusionStep(guest_id=guest, kind=kind, **(fields | changes))


def test_the_steps_of_the_day_are_those_of_the_house_day_that_are_open(register: Register) -> None:
    guest, _ = admit(register, "Rina")
    left, stay = admit(register, "Joy")
    register.stays.end(stay, TODAY, "AUT", "CAS_AFF")
    with register.desk.vault.work() as session:
        session.add_all(
            [
                step(guest, "LING_A2", datetime(2026, 6, 16, 3, 59, tzinfo=UTC)),
                step(guest, "LAVO_CV", datetime(2026, 6, 15, 4, 0, tzinfo=UTC)),
                step(guest, "LAVO_BIL", datetime(2026, 6, 15, 3, 59, tzinfo=UTC)),
                step(guest, "LEGA_C3", due_on=TODAY),
                step(guest, "FORM_HAC", due_on=TODAY, state="CONCLUSO"),
                step(left, "LING_A1", due_on=TODAY),
            ]
        )
    assert [found.kind for found in register.todays.of(HOUSE).steps] == ["LAVO_CV", "LING_A2", "LEGA_C3"]


def test_a_shift_is_told_whose_and_when_and_nothing_else(register: Register) -> None:
    guest, _ = admit(register, "Rina")
    referral = register.referrals.request(ReferralDraft(guest, "CON", TODAY, reason="dolori"))
    register.referrals.book(referral, datetime(2026, 6, 15, 9, 0, tzinfo=UTC), "S. Bianchi")
    with register.desk.vault.work() as session:
        session.add(step(guest, "LEGA_C3", datetime(2026, 6, 15, 12, 0, tzinfo=UTC), what="Questura"))
        session.add(step(guest, "LAVO_CV", due_on=TODAY))
    become(register, "TURNO")
    today = register.todays.of(HOUSE)
    assert [(row.service, row.reason, row.is_withheld) for row in today.agenda] == [("", None, True)]
    assert [(found.kind, found.what, found.at is None) for found in today.steps] == [("", "", False)]
    assert today.overdue == ()
    assert today.agenda_reserved == 1, "a step that is due without an hour"
    assert today.handovers is not None
    become(register, "AMMINISTRAZIONE")
    today = register.todays.of(HOUSE)
    assert (today.agenda, today.steps, today.overdue, today.handovers) == ((), (), (), None)
    assert (today.agenda_reserved, today.ahead_reserved, today.overdue_reserved) == (3, 0, 1)


def test_what_a_role_is_not_told_is_counted_and_nothing_is_counted_for_who_is_told_all(register: Register) -> None:
    guest, _ = admit(register, "Rina")
    done = register.referrals.request(ReferralDraft(guest, "CON", TODAY, reason="dolori"))
    register.referrals.book(done, datetime(2026, 6, 15, 9, 0, tzinfo=UTC), "S. Bianchi")
    ahead = register.referrals.request(ReferralDraft(guest, "MMG", TODAY))
    register.referrals.book(ahead, datetime(2026, 6, 17, 9, 0, tzinfo=UTC), "S. Bianchi")
    whole = register.todays.of(HOUSE)
    assert (whole.agenda_reserved, whole.ahead_reserved, whole.overdue_reserved) == (0, 0, 0)
    become(register, "AMMINISTRAZIONE")
    told = register.todays.of(HOUSE)
    assert (told.agenda_reserved, told.ahead_reserved, told.overdue_reserved) == (1, 1, 1)


def test_the_months_to_close_are_those_of_the_report_with_what_the_checks_found(register: Register) -> None:
    _, stay = admit(register, "Rina", date(2026, 2, 27))
    assert register.todays.of(HOUSE).months_to_close == tuple(register.months.to_close(HOUSE))
    nights = [date(2026, 2, 27), date(2026, 2, 28)]
    register.presences.record([NightMark(stay, night, "P") for night in nights])
    register.months.close(HOUSE, Month(2026, 2))
    today = register.todays.of(HOUSE)
    assert today.months_to_close == tuple(register.months.to_close(HOUSE)) == tuple(Month(2026, n) for n in (3, 4, 5))
    found = register.todays.findings(HOUSE, today.months_to_close)
    assert [each.month for each in found] == [Month(2026, 3), Month(2026, 4)]
    checks = register.months.checks(HOUSE, Month(2026, 3))
    assert (found[0].errors, found[0].warnings) == (
        sum(finding.level == "error" for finding in checks),
        sum(finding.level == "warning" for finding in checks),
    )
    register.months.reopen(HOUSE, Month(2026, 2), "una notte mancava")
    assert register.todays.of(HOUSE).months_to_close[0] == Month(2026, 2)


def test_a_minor_is_alone_when_no_adult_of_hers_sleeps_here(register: Register) -> None:
    mother, stay = admit(register, "Rina")
    admit(register, "Ada", birth_date=date(2020, 3, 1), birth_quality="CERTA", together_with=mother)
    register.stays.admit(
        GuestDraft("Bea", birth_date=date(2010, 6, 15), birth_quality="CERTA"),
        StayDraft(HOUSE, date(2026, 6, 10), minor_reason="in attesa"),
    )
    register.stays.admit(  # eighteen today
        GuestDraft("Cora", birth_date=date(2008, 6, 15), birth_quality="CERTA"),
        StayDraft(HOUSE, date(2026, 6, 10), minor_reason="in attesa"),
    )
    assert [(minor.name_used, minor.has_reason) for minor in register.todays.of(HOUSE).minors_alone] == [("Bea", True)]
    with register.desk.vault.work() as session:  # the mother left in a way that the forms would not have let pass
        session.get_one(Stay, stay).exit_on = TODAY
    assert [minor.name_used for minor in register.todays.of(HOUSE).minors_alone] == ["Ada", "Bea"]


def test_beds_held_or_out_of_service_are_no_free_places_and_the_bed_board_counts_alike(register: Register) -> None:
    admit(register, "Rina")
    with register.desk.vault.work() as session:
        beds = list(session.scalars(select(Bed.id).order_by(Bed.id)))
        session.add(BedClosure(bed_id=beds[0], from_night=TODAY, to_night=date(2026, 6, 16)))
        session.add(BedClosure(bed_id=beds[1], from_night=date(2026, 6, 16)))
        session.add(BedHold(bed_id=beds[2], from_night=TODAY))
    today = register.todays.of(HOUSE)
    assert (today.capacity, today.closed_beds, today.held_beds, today.free) == (8, 1, 1, 5)
    assert today.free == register.beds.board(HOUSE).places.free
