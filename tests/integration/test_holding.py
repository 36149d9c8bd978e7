"""The right of access: every value of every table that hangs on a guest is given to her, or said to be withheld."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from app.errors import RoleMayNot
from app.models.guest import Guest, new_guest_code
from app.models.schema import metadata
from app.prints.font import missing
from app.reference.ids import GuestId
from app.reference.resource import read_toml
from app.reference.retention import retention
from app.services.hanging import hanging_tables
from app.services.holding_sheet import labelled
from app.services.operator import OperatorDraft
from app.services.register import Register
from tests.conftest import PASSPHRASE
from tests.planting import Planted, plant


@pytest.fixture
def her(register: Register) -> Planted:
    made = plant(register, "Zqx")
    plant(register, "Wkj")
    return made


def given(register: Register, her: Planted) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(register.holdings.as_json(GuestId(her.guest)))
    return found


def test_every_value_of_every_table_is_in_the_file_and_nothing_of_anybody_else(
    register: Register, her: Planted
) -> None:
    raw = register.holdings.as_json(GuestId(her.guest)).decode()
    found = json.loads(raw)
    document = her.words.pop("document_content.content")
    her.words.pop("household.code")  # it stands for several persons; how many there are is said
    assert [name for name, word in her.words.items() if word not in raw] == []
    content = found["tables"]["document_content"][0]["content"]["base64"]
    assert base64.b64decode(content).decode() == document
    assert "Wkj" not in raw
    assert found["withheld"] == []
    for table, column in her.columns:
        assert found["tables"][table][0][column] is not None, f"{table}.{column}"
    assert found["tables"].keys() == hanging_tables() | {"origin"}


def test_the_file_tells_who_has_looked_at_her_record_by_number_and_role_and_the_export_is_noted(
    register: Register, her: Planted
) -> None:
    register.guests.card(GuestId(her.guest))
    given(register, her)
    lines = given(register, her)["trail"]
    assert {"read", "export"} <= {line["action"] for line in lines}
    assert {line["role"] for line in lines} == {"COORDINAMENTO"}
    assert "Bianchi" not in json.dumps(lines)


def test_a_case_worker_is_told_what_she_cannot_hand_out(register: Register, her: Planted) -> None:
    register.operators.add(OperatorDraft("M. Ferri", "EDUCATRICE"), "sette rondini sul tetto")
    register.access.lock()
    register.access.unlock("sette rondini sul tetto")
    found = given(register, her)
    assert set(found["withheld"]) == {
        "trail", "safety.risk", "safety.avoid", "safety.never_contact", "safety.trusted_contact",
    }  # fmt: skip
    assert found["trail"] == []
    assert found["tables"]["safety"][0]["avoid"] is None
    register.access.lock()
    register.access.unlock(PASSPHRASE)


@pytest.mark.parametrize("role", ["SALUTE", "TURNO", "AMMINISTRAZIONE"])
def test_the_other_roles_hand_out_nothing(register: Register, her: Planted, role: str) -> None:
    with register.desk.vault.work() as session:
        session.execute(text("UPDATE operator SET role = :role"), {"role": role})
    for make in (register.holdings.as_json, register.holdings.as_pdf):
        with pytest.raises(RoleMayNot):
            make(GuestId(her.guest))


def pdf_text(pdf: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_paper_says_all_of_it_in_italian_but_bytes_and_marks_of_reading(register: Register, her: Planted) -> None:
    said = pdf_text(register.holdings.as_pdf(GuestId(her.guest)))
    apart = {"document_content.content", "household.code", "origin.person", "origin.enrolment", "annulled_stay.content",
             "guest_merge.content"}  # fmt: skip
    assert [name for name, word in her.words.items() if name not in apart and word not in said] == []
    assert "Chihalavoratoconquestidati" in said
    assert "03/2019" in said
    assert "Zqx" not in str(PdfReader(io.BytesIO(register.holdings.as_pdf(GuestId(her.guest)))).metadata)


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_column_and_table_that_may_stand_on_paper_has_its_words(language: str) -> None:
    words = read_toml(f"texts/{language}/held.toml")
    assert sorted(labelled() - words.keys()) == []
    assert sorted({f"table_{name}" for name in hanging_tables()} - words.keys()) == []
    assert not missing(" ".join(words.values()))


def test_every_code_list_named_for_a_column_is_one(register: Register) -> None:
    from app.reference.codelist import codelist

    for table, columns in retention().codes.items():
        for column, listed in columns.items():
            assert column in metadata.tables[table].c
            assert codelist(listed).entries


def recorded(register: Register, name: str, **more: str) -> GuestId:
    with register.desk.vault.work() as session:
        values = {"birth_quality": "IGNOTA", "gender": "ND", "created_at": register.desk.now(), **more}
        row = Guest(code=new_guest_code(), name_used=name, **values)
        session.add(row)
        session.flush()
        return GuestId(row.id)


def joined_content(register: Register) -> str:
    with register.desk.vault.work() as session:
        return str(session.execute(text("SELECT content FROM guest_merge")).scalar_one())


def test_who_was_joined_by_mistake_and_parted_is_handed_nothing_of_the_other(register: Register) -> None:
    ada, bea = recorded(register, "Ada"), recorded(register, "Bea", family_name="Wkjosei", diet_note="Wkj allergia")
    made = register.merges.merge(ada, bea)
    assert "Wkjosei" in register.holdings.as_json(ada).decode(), "joined, it is one person"
    register.merges.undo(made)
    assert "Wkj" not in register.holdings.as_json(ada).decode()
    assert "Wkjosei" in register.holdings.as_json(bea).decode()
    assert "Wkj" not in joined_content(register)


def test_cells_of_somebody_else_in_a_joining_and_texts_of_one_that_was_undone_before_are_left_out(
    register: Register, her: Planted
) -> None:
    cells = [["guest", [None, 99], "family_name", None, "Wkjother"], ["guest", [None, her.guest], "family_name", 1, 2]]
    content = json.dumps({"rows": {}, "facts": {}, "cells": cells, "origins": []})
    with register.desk.vault.work() as session:
        session.execute(text("UPDATE guest_merge SET content = :content, undone_at = NULL"), {"content": content})
    assert given(register, her)["tables"]["guest_merge"][0]["content"]["cells"] == cells[1:]
    with register.desk.vault.work() as session:
        session.execute(text("UPDATE guest_merge SET undone_at = merged_at"))
    assert given(register, her)["tables"]["guest_merge"][0]["content"] is None


def test_sealed_values_deep_in_a_copy_come_out_open_or_are_named_as_withheld(register: Register, her: Planted) -> None:
    from app.models.stay import Stay
    from app.services.sealed_copy import raw_values, to_text

    with register.desk.vault.work() as session:
        sealed = raw_values(session, metadata.tables[Stay.__tablename__], {"id": her.stay})
        broken = b"no seal of ours"
        content = to_text({
            "stay": 9,
            "rows": {"referral": [{"id": 1, "reason": broken}]},
            "links": [],
            "reopened": {"stay": her.stay, "exit_on": "2019-04-20", "destination": "X", "exit": sealed},
            "later": {"what": broken},
        })  # fmt: skip
        update = text("UPDATE annulled_stay SET content = :content WHERE guest_id = :guest")
        session.execute(update, {"content": content, "guest": her.guest})
    found = given(register, her)
    held = found["tables"]["annulled_stay"][0]["content"]
    assert held["reopened"]["exit"]["exit_note"] == her.words["stay.exit_note"]
    assert held["rows"]["referral"][0]["reason"] is None
    assert held["later"]["what"] is None
    assert found["withheld"] == ["annulled_stay.content", "annulled_stay.content.referral.reason"]
    register.holdings.as_pdf(GuestId(her.guest))
