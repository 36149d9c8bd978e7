"""Two records of one person joined and parted: everything moves, everything comes back, closed months stay."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, event, insert, select, text

from app.errors import LaterMergeFirst, MergeChangesClosed, MergeOverlaps, NotFound, RoleMayNot
from app.models.base import Instant
from app.models.guest import Guest, Household, new_guest_code
from app.models.schema import metadata
from app.models.stay import Stay
from app.models.work import Operator, Origin, TrailEntry
from app.reference.ids import GuestId, HouseId, MergeId
from app.services import joining
from app.services.calendar import Month
from app.services.guest import GuestDraft
from app.services.presence import NightMark
from app.services.register import Register
from app.services.stay import StayDraft

HOUSE = HouseId(1)
NOW = datetime(2026, 6, 15, 20, 0, tzinfo=UTC)
ASIDE = {"trail", "guest_merge"}
_TEXTS = {
    "risk": ("ND", "BASSO", "ALTO"),
    "gender": ("ND", "F"),
    "birth_quality": ("CERTA", "IGNOTA"),
    "language": ("it", "en", "bn"),
    "rank": (0, 1),
    "content": ('{"stay": 1000000, "rows": {}, "links": []}',),
}


def guest(register: Register, name: str, **more: Any) -> GuestId:
    """Write a record as it is, without a stay."""
    with register.desk.vault.work() as session:
        values = {"birth_quality": "IGNOTA", "gender": "ND", **more}
        row = Guest(code=new_guest_code(), name_used=name, created_at=NOW, **values)
        session.add(row)
        session.flush()
        return GuestId(row.id)


def hosted(register: Register, name: str, first: date, last: date | None = None) -> GuestId:
    made, stay = register.stays.admit(GuestDraft(name), StayDraft(HOUSE, first))
    if last is not None:
        register.stays.end(stay, last, "AUT", "CAS_AFF")
    return made


def everything(register: Register) -> dict[str, list[str]]:
    """Return every row of every table but the trail and the history of joinings, and what the index finds."""
    with register.desk.vault.work() as session:
        rows = {
            name: sorted(str(row) for row in session.execute(select(table)))
            for name, table in metadata.tables.items()
            if name not in ASIDE
        }
        rows["search"] = sorted(
            str(row) for row in session.execute(text("SELECT rowid FROM search WHERE search MATCH 'a*'"))
        )
        return rows


def tables_of_guests() -> set[str]:
    return {
        name
        for name, table in metadata.tables.items()
        if name != "guest" and any(key.column.table.name == "guest" for key in table.foreign_keys)
    }


def values_for(table: Table, draw: Any) -> dict[str, Any]:
    """Return a row of a table that hangs on a guest, filled with anything that the columns take."""
    values: dict[str, Any] = {}
    for column in table.columns:
        unfilled = column.name in ("id", "guest_id", "replaces_id", "goal_id", "referral_id")
        if not unfilled and not (column.nullable and draw(st.booleans())):
            values[column.name] = value_for(column, draw)
    if values.get("until_day") and values["until_day"] < values["from_day"]:
        values["until_day"] = values["from_day"]
    return values


def value_for(column: Any, draw: Any) -> object:
    if isinstance(column.type, Instant):
        return NOW
    if column.foreign_keys:
        return 1
    if column.unique:
        return secrets.token_hex(16)  # two rows never share it
    if column.name in _TEXTS:
        return draw(st.sampled_from(_TEXTS[column.name]))
    anything: dict[type, st.SearchStrategy[object]] = {
        str: st.sampled_from(("A", "B", "C")),
        bool: st.booleans(),
        int: st.integers(0, 3),
        date: st.dates(date(2026, 1, 1), date(2026, 1, 3)),
    }
    return draw(anything[column.type.python_type])


@st.composite
def lives(draw: Any) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """Return the fields of a record and rows of every table that hangs on it, for a guest to come."""
    fields = {
        "given_name": draw(st.sampled_from((None, "Ada"))),
        "birth_date": draw(st.sampled_from((None, date(1998, 3, 7)))),
        "gender": draw(st.sampled_from(("ND", "F"))),
        "diet_note": draw(st.sampled_from((None, "arachidi", "latte"))),
        "can_read": draw(st.sampled_from((None, False, True))),
        "case_worker_id": draw(st.sampled_from((None, 1))),
    }
    rows: dict[str, list[dict[str, Any]]] = {}
    for table in (*joining.ROWS, *joining.FACTS):
        if table.name == "stay":
            continue
        made = [values_for(table, draw) for _ in range(draw(st.integers(0, 2)))]
        key = [column.name for column in table.primary_key]
        if key != ["id"]:
            made = list({tuple(row.get(name) for name in key): row for row in made}.values())
        rows[table.name] = made
    return fields, rows


def live(register: Register, life: tuple[dict[str, Any], dict[str, list[dict[str, Any]]]], first: date) -> GuestId:
    fields, tables = life
    number = guest(register, "Ada", **fields)
    with register.desk.vault.work() as session:
        session.add(Stay(guest_id=number, house_id=1, phase="PRI", entered_on=first, exit_on=date(first.year, 12, 1)))
        for name, rows in tables.items():
            for row in rows:
                session.execute(insert(metadata.tables[name]).values({**row, "guest_id": number}))
    return number


def test_every_table_that_hangs_on_a_guest_is_handled() -> None:
    handled = {table.name for table in (*joining.ROWS, *joining.FACTS, *joining.HISTORY)}
    assert handled == tables_of_guests(), "say in app/services/joining.py what becomes of the rows when records join"


def test_every_field_of_a_guest_is_handled() -> None:
    fields = {column.name for column in metadata.tables["guest"].columns}
    assert {*joining.FILLED, *joining.OWN, *joining.RULED} == fields, "say in joining.py what becomes of it"


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(one=lives(), other=lives(), homes=st.tuples(st.integers(0, 2), st.integers(0, 2)))
def test_joined_and_parted_everything_is_as_it_was(register: Register, one: Any, other: Any, homes: Any) -> None:
    kept, merged = live(register, one, date(2020, 1, 1)), live(register, other, date(2021, 1, 1))
    companion = guest(register, "Figlio")
    with register.desk.vault.work() as session:
        households = [Household(code=new_guest_code()) for _ in range(2)]
        session.add_all(households)
        session.add(Origin(source="x", kind="person", external_id=str(merged), entity_id=merged))
        session.flush()
        numbers = [None, *(each.id for each in households)]
        session.get_one(Guest, kept).household_id = numbers[homes[0]]
        session.get_one(Guest, merged).household_id = numbers[homes[1]]
        session.get_one(Guest, companion).household_id = numbers[homes[1]]
    before = everything(register)
    made = register.merges.merge(kept, merged)
    assert everything(register) != before
    with register.desk.vault.work() as session:
        for table in joining.ROWS:
            assert not session.execute(select(table).where(table.c.guest_id == merged)).all()
    register.merges.undo(made)
    assert everything(register) == before


def test_the_kept_record_takes_what_it_did_not_know_and_keeps_its_own_word(register: Register) -> None:
    kept = guest(register, "Rina", given_name="Rina", diet_note="arachidi", can_read=False)
    merged = guest(
        register, "Reena", given_name="Reena", family_name="Begum", birth_date=date(1998, 3, 7), birth_quality="CERTA",
        gender="F", diet_note="niente maiale", can_read=True,
    )  # fmt: skip
    preview = register.merges.preview(kept, merged)
    assert set(preview.differing) == {"name_used", "declared_name"}
    assert {"guest.family_name", "guest.birth_date", "guest.gender", "guest.diet_note"} <= set(preview.filled)
    register.merges.merge(kept, merged)
    draft = register.guests.draft(kept)
    assert (draft.name_used, draft.given_name, draft.family_name) == ("Rina", "Rina", "Begum")
    assert (draft.birth_date, draft.birth_quality, draft.can_read) == (date(1998, 3, 7), "CERTA", False)
    assert draft.diet_note == "arachidi\nniente maiale"


def test_a_joined_record_is_in_no_list_and_its_card_leads_to_the_kept_one(register: Register) -> None:
    kept = hosted(register, "Rina", date(2026, 5, 1), date(2026, 5, 20))
    merged = hosted(register, "Reena", date(2026, 6, 1))
    register.merges.merge(kept, merged)
    card = register.guests.card(merged)
    assert card.id == kept
    assert [stay.entered_on for stay in card.stays] == [date(2026, 6, 1), date(2026, 5, 1)]
    assert [row.id for row in register.guests.list_rows(HOUSE, present_only=False)] == [kept]
    assert [hit.guest for hit in register.searches.find("reena").hits] == [kept]
    assert register.guests.find("Reena") == []


def test_a_preview_tells_all_and_writes_nothing(register: Register) -> None:
    kept = hosted(register, "Rina", date(2026, 5, 1), date(2026, 5, 20))
    merged = hosted(register, "Reena", date(2026, 6, 1))
    before = everything(register)
    preview = register.merges.preview(kept, merged)
    assert everything(register) == before
    assert dict(preview.moved) == {"stay": 1}
    assert preview.problem is None
    assert preview.merged.stays == (("Casa di prova", date(2026, 6, 1), None),)


def test_stays_on_the_same_nights_are_refused_with_the_first_of_them(register: Register) -> None:
    kept, merged = hosted(register, "Rina", date(2026, 5, 1)), hosted(register, "Reena", date(2026, 6, 1))
    before = everything(register)
    with pytest.raises(MergeOverlaps) as refused:
        register.merges.merge(kept, merged)
    assert refused.value.params["day"] == date(2026, 6, 1)
    assert everything(register) == before
    assert isinstance(register.merges.preview(kept, merged).problem, MergeOverlaps)
    register.corrections.annul(register.guests.card(merged).stays[0].id, "scritto due volte")
    register.merges.merge(kept, merged)


def close_may(register: Register, *guests: GuestId) -> None:
    marks = []
    for each in guests:
        for stay in register.guests.card(each).stays:
            last = stay.exit_on or date(2026, 6, 16)
            marks += [NightMark(stay.id, day, "P") for day in Month(2026, 5).days if stay.entered_on <= day < last]
    register.presences.record(marks)
    for day in Month(2026, 5).days:
        register.meals.confirm(HOUSE, day, {})
    register.months.close(HOUSE, Month(2026, 5))


def test_a_closed_month_that_would_count_other_persons_stops_joining(register: Register) -> None:
    kept = hosted(register, "Rina", date(2026, 5, 1), date(2026, 5, 10))
    merged = hosted(register, "Reena", date(2026, 5, 20))
    close_may(register, kept, merged)
    before = everything(register)
    with pytest.raises(MergeChangesClosed) as refused:
        register.merges.merge(kept, merged)
    assert refused.value.params["months"] == "maggio 2026 (Casa di prova)"
    assert everything(register) == before
    register.months.reopen(HOUSE, Month(2026, 5), "due schede della stessa persona")
    register.merges.merge(kept, merged)


def test_only_months_in_which_both_were_in_one_house_are_counted(register: Register) -> None:
    kept = hosted(register, "Rina", date(2026, 5, 1), date(2026, 5, 31))
    close_may(register, kept)
    merged = hosted(register, "Reena", date(2026, 6, 2))
    counted: list[str] = []
    engine = register.desk.vault._engine
    assert engine is not None

    def look(link: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT count(stay.id)"):
            counted.append(statement)

    event.listen(engine, "before_cursor_execute", look)
    made = register.merges.merge(kept, merged)
    register.merges.undo(made)
    assert counted == []
    register.corrections.annul(register.guests.card(merged).stays[0].id, "mai entrata")
    register.months.reopen(HOUSE, Month(2026, 5), "prova")
    register.stays.begin(merged, StayDraft(HOUSE, date(2026, 5, 31)))
    close_may(register, merged)
    register.merges.preview(kept, merged)
    assert counted


def test_a_month_closed_since_stops_parting_until_it_is_reopened(register: Register) -> None:
    kept = hosted(register, "Rina", date(2026, 5, 1), date(2026, 5, 10))
    merged = hosted(register, "Reena", date(2026, 5, 20))
    made = register.merges.merge(kept, merged)
    close_may(register, kept)
    with pytest.raises(MergeChangesClosed):
        register.merges.undo(made)
    register.months.reopen(HOUSE, Month(2026, 5), "non era la stessa persona")
    register.merges.undo(made)
    assert register.guests.card(merged).id == merged


def test_a_closed_month_that_counts_the_same_persons_stops_nothing(register: Register) -> None:
    kept = hosted(register, "Rina", date(2026, 5, 1), date(2026, 5, 31))
    close_may(register, kept)
    merged = hosted(register, "Reena", date(2026, 6, 2))
    register.merges.undo(register.merges.merge(kept, merged))


def test_what_was_written_since_stays_with_the_kept_record(register: Register) -> None:
    kept = guest(register, "Rina")
    merged = guest(register, "Reena", birth_date=date(1998, 3, 7), birth_quality="CERTA")
    made = register.merges.merge(kept, merged)
    draft = register.guests.draft(kept)
    register.guests.change(kept, GuestDraft("Rina", birth_date=date(1999, 1, 1), birth_quality="CERTA"))
    register.merges.undo(made)
    assert draft.birth_date == date(1998, 3, 7)
    assert register.guests.draft(kept).birth_date == date(1999, 1, 1)
    assert register.guests.draft(merged).birth_date == date(1998, 3, 7)


def test_the_last_joining_is_undone_first(register: Register) -> None:
    kept, second, third = (guest(register, name) for name in ("Rina", "Reena", "Rihana"))
    first_merge, last_merge = register.merges.merge(kept, second), register.merges.merge(third, kept)
    assert register.guests.card(second).id == third
    with pytest.raises(LaterMergeFirst):
        register.merges.undo(first_merge)
    register.merges.undo(last_merge)
    (line,) = register.merges.of_guest(kept)
    assert (line.id, line.name_used, line.merged_by, line.is_last) == (first_merge, "Reena", "S. Bianchi", True)
    register.merges.undo(first_merge)
    assert register.merges.of_guest(kept) == ()
    with pytest.raises(NotFound):
        register.merges.undo(first_merge)


def test_a_danger_that_one_record_knew_the_kept_one_knows(register: Register) -> None:
    kept, merged = guest(register, "Rina"), guest(register, "Reena")
    safety = metadata.tables["safety"]
    with register.desk.vault.work() as session:
        for number, risk, avoid in ((kept, "BASSO", "la stazione"), (merged, "ALTO", "lo zio")):
            session.execute(insert(safety).values(guest_id=number, risk=risk, avoid=avoid, changed_at=NOW))
    register.merges.merge(kept, merged)
    with register.desk.vault.work() as session:
        row = session.execute(select(safety).where(safety.c.guest_id == kept)).one()
    assert (row.risk, row.avoid) == ("ALTO", "la stazione\nlo zio")


def test_neither_herself_nor_a_joined_record_nor_nobody_can_be_joined(register: Register) -> None:
    kept, merged, other = (guest(register, name) for name in ("Rina", "Reena", "Joy"))
    register.merges.merge(kept, merged)
    for one, another in ((kept, kept), (other, merged), (merged, other), (kept, GuestId(99))):
        with pytest.raises(NotFound):
            register.merges.merge(one, another)


def test_a_role_that_may_not_join_neither_sees_nor_joins_nor_parts(register: Register) -> None:
    kept, merged = guest(register, "Rina"), guest(register, "Reena")
    made = register.merges.merge(kept, merged)
    with register.desk.vault.work() as session:
        session.get_one(Operator, 1).role = "TURNO"
    for refused in (
        lambda: register.merges.preview(kept, merged),
        lambda: register.merges.merge(kept, merged),
        lambda: register.merges.undo(made),
        lambda: register.merges.of_guest(kept),
    ):
        with pytest.raises(RoleMayNot):
            refused()


def test_joining_and_parting_are_in_the_trail(register: Register) -> None:
    kept, merged = guest(register, "Rina"), guest(register, "Reena")
    made: MergeId = register.merges.merge(kept, merged)
    register.merges.undo(made)
    with register.desk.vault.work() as session:
        said = session.execute(select(TrailEntry.action, TrailEntry.subject, TrailEntry.subject_id)).all()
    assert {("merge", "merge", made), ("part", "merge", made)} <= set(said)


def test_an_annulled_stay_goes_with_the_record_it_belongs_to(register: Register) -> None:
    kept = hosted(register, "Rina", date(2026, 5, 1), date(2026, 5, 20))
    merged = hosted(register, "Reena", date(2026, 6, 1))
    stay = register.guests.card(merged).stays[0].id
    annulled = register.corrections.annul(stay, "era un’altra casa")
    made = register.merges.merge(kept, merged)
    assert register.corrections.restore(annulled) == stay
    assert {line.id for line in register.guests.card(kept).stays} >= {stay}
    register.merges.undo(made)  # what was put back meanwhile is still hers
    assert [line.id for line in register.guests.card(merged).stays] == [stay]
    assert stay not in {line.id for line in register.guests.card(kept).stays}


def test_a_stay_annulled_while_joined_is_put_back_to_the_record_it_came_from(register: Register) -> None:
    kept = hosted(register, "Rina", date(2026, 5, 1), date(2026, 5, 20))
    merged = hosted(register, "Reena", date(2026, 6, 1))
    stay = register.guests.card(merged).stays[0].id
    made = register.merges.merge(kept, merged)
    annulled = register.corrections.annul(stay, "mai entrata")
    register.merges.undo(made)
    assert [row.guest for row in register.corrections.annulled()] == [merged]
    register.corrections.restore(annulled)
    assert [line.id for line in register.guests.card(merged).stays] == [stay]


def test_what_is_written_to_a_joined_record_is_written_to_the_kept_one(register: Register) -> None:
    kept = hosted(register, "Rina", date(2026, 5, 1), date(2026, 5, 20))
    merged = hosted(register, "Reena", date(2026, 5, 25), date(2026, 6, 1))
    register.merges.merge(kept, merged)
    stay = register.stays.begin(merged, StayDraft(HOUSE, date(2026, 6, 3)))
    assert register.guests.card(kept).current.id == stay  # type: ignore[union-attr]
    register.guests.change(merged, GuestDraft("Rina Begum"))
    assert register.guests.card(kept).name_used == "Rina Begum"
    assert register.guests.draft(merged).name_used == "Rina Begum"
    child, _ = register.stays.admit(GuestDraft("Sami", together_with=merged), StayDraft(HOUSE, date(2026, 6, 3)))
    assert [each.id for each in register.guests.card(kept).companions] == [child]
    register.households.leave(child, "maggiorenne")
    register.households.join(child, merged)
    assert [each.id for each in register.guests.card(kept).companions] == [child]
