"""Whose a way in is: a row that names somebody else's, written with another program, hands nothing on and is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app import errors
from app.reference.ids import OperatorId
from app.services.operator import OperatorDraft
from app.services.register import Register, build_register
from app.vault.device import NoSecrets
from app.vault.keyset import STORE_KEY, KeySet
from app.vault.keyslot import KeyFile
from app.vault.vault import Vault
from tests.conftest import NOW, PASSPHRASE
from tests.fakes import FakeClock
from tests.independent.open_vault import all_keys_with_passphrase, holders_are_proved, owner_tag

CASE, SHIFT, DESK = "sette rondini sul tetto", "tre gatti sul muretto", "due lampi nella valle"
NEW = "quattro lune sopra il mare"


@pytest.fixture
def people(register: Register) -> tuple[OperatorId, OperatorId, OperatorId]:
    """A case worker, somebody for the shifts, somebody for the accounts."""
    add = register.operators.add
    return (
        add(OperatorDraft("E. Educa", "EDUCATRICE"), CASE),
        add(OperatorDraft("T. Turni", "TURNO"), SHIFT),
        add(OperatorDraft("A. Ammi", "AMMINISTRAZIONE"), DESK),
    )


def write(register: Register, who: int, column: str, value: object) -> None:
    """Write into a row, as anybody can who has the store's key and another program."""
    with register.desk.vault.work() as session:
        session.connection().exec_driver_sql(f"UPDATE operator SET {column} = ? WHERE id = ?", (value, who))  # noqa: S608


def swap(register: Register, one: int, other: int, *columns: str) -> None:
    with register.desk.vault.work() as session:
        found = session.connection().exec_driver_sql(f"SELECT id, {', '.join(columns)} FROM operator").all()  # noqa: S608
    rows = {row[0]: row[1:] for row in found}
    if "slot" in columns:
        write(register, one, "slot", None)  # no two rows may name one
    for who, values in ((other, rows[one]), (one, rows[other])):
        for column, value in zip(columns, values, strict=True):
            write(register, who, column, value)


def opens(register: Register, phrase: str) -> tuple[str, frozenset[str]] | None:
    register.access.lock()
    try:
        register.access.unlock(phrase)
    except errors.WrongPassphrase:
        return None
    me = register.access.operator()
    assert me is not None
    return me.display_name, register.desk.vault.compartments


@pytest.mark.parametrize("columns", [("slot",), ("display_name", "role"), ("display_name",)])
def test_no_key_is_handed_on_where_two_rows_were_swapped(register, people, columns) -> None:  # type: ignore[no-untyped-def]
    case, shift, desk = people
    swap(register, case, shift, *columns)
    assert opens(register, PASSPHRASE) is not None
    before, rows = register.desk.vault.key_file(), register.desk.vault.doors.slots()
    shown = {row.display_name: row.id for row in register.operators.list_rows()}
    for refused in (
        lambda: register.operators.set_passphrase(shown["T. Turni"], NEW),
        lambda: register.operators.set_passphrase(shown["E. Educa"], NEW),
        lambda: register.operators.leave(shown["T. Turni"]),
        lambda: register.operators.leave(desk),
        lambda: register.operators.change_role(shown["T. Turni"], "COORDINAMENTO", SHIFT),
        lambda: register.operators.add(OperatorDraft("X", "TURNO"), NEW),
        register.operators.ask_new_keys,
    ):
        with pytest.raises(errors.WayInMisplaced):
            refused()
    assert (register.desk.vault.key_file(), register.desk.vault.doors.slots()) == (before, rows)
    assert opens(register, NEW) is None


def test_a_swap_is_told_to_who_coordinates_and_by_the_check_of_the_keys(register, people) -> None:  # type: ignore[no-untyped-def]
    case, shift, _ = people
    swap(register, case, shift, "slot")
    assert opens(register, PASSPHRASE) is not None
    me = register.access.operator()
    assert me is not None
    assert (me.has_row_faults, me.has_key_faults) == (True, False)
    assert f"owner: {shift}" in register.operators.key_faults()
    assert [row.display_name for row in register.operators.list_rows() if row.is_misplaced] == ["T. Turni"]


def test_from_paper_each_row_gets_its_own_way_in_again(register, people) -> None:  # type: ignore[no-untyped-def]
    case, shift, _ = people
    groups = register.recoveries.propose_sheet()
    register.recoveries.adopt_sheet(groups)
    before = register.desk.vault.doors.slots()
    swap(register, case, shift, "slot")
    register.access.lock()
    register.access.unlock_with_recovery("-".join(groups))
    after = register.desk.vault.doors.slots()
    assert after == {who: slot for who, slot in before.items() if who != shift}  # nothing proves whose hers is
    register.operators.set_passphrase(OperatorId(1), NEW)
    me = register.access.operator()
    assert me is not None
    assert me.were_rows_mended
    assert register.operators.key_faults() == []
    register.operators.set_passphrase(shift, "una frase nuova per i turni")
    assert opens(register, "una frase nuova per i turni") == ("T. Turni", frozenset())
    assert opens(register, CASE) == ("E. Educa", frozenset({"health", "law", "path"}))
    assert opens(register, SHIFT) is None


def test_a_passphrase_given_anew_opens_no_more_than_the_role_that_is_shown(register, people) -> None:  # type: ignore[no-untyped-def]
    case, *_ = people
    write(register, case, "role", "SALUTE")
    (row,) = (row for row in register.operators.list_rows() if row.id == case)
    assert row.opens_other
    register.operators.set_passphrase(case, NEW)
    assert opens(register, NEW) == ("E. Educa", frozenset({"health", "path"}))
    (row,) = (row for row in register.operators.list_rows() if row.id == case)
    assert not row.opens_other


def test_who_was_taken_off_a_list_does_not_come_back_by_an_older_one(register, people) -> None:  # type: ignore[no-untyped-def]
    """She kept the first key of what she once opened: that generation's list is hers to write, and gives nothing."""
    case, *_ = people
    vault = register.desk.vault
    slot, kept = vault.doors.slots()[case], vault.held().get("health", 1)
    assert kept is not None
    register.operators.change_role(case, "TURNO")
    keys = vault.key_file()
    ((old, first),) = (key for key in enumerate(keys.keys) if (key[1].name, key[1].generation) == ("health", 1))
    forged = first.with_holder(kept, slot, first.holders[0].public)
    replace(keys, keys=(*keys.keys[:old], forged, *keys.keys[old + 1 :])).write(vault.keys_path)
    register.operators.set_passphrase(case, NEW)
    assert opens(register, NEW) == ("E. Educa", frozenset())


def test_her_own_change_of_passphrase_stays_hers_by_the_keys_she_holds(register, people) -> None:  # type: ignore[no-untyped-def]
    case, *_ = people
    assert opens(register, CASE) is not None
    register.operators.set_passphrase(case, NEW)
    assert opens(register, PASSPHRASE) is not None
    assert register.operators.key_faults() == []
    register.operators.ask_new_keys()
    register.operators.renew_keys()
    slot = register.desk.vault.doors.slots()[case]
    newest = [register.desk.vault.key_file().newest(name) for name in ("health", "law", "path")]
    assert all(holder.owner for key in newest for holder in key.holders if holder.slot == slot)
    assert opens(register, NEW) == ("E. Educa", frozenset({"health", "law", "path"}))


def unbound(keys: KeyFile, held: KeySet) -> KeyFile:
    """Return a key file as it was written before its lists said whose a way in is."""
    made = []
    for key in keys.keys:
        proving = held.get(key.name, key.generation)
        assert proving is not None
        made.append(replace(key, holders=tuple(replace(h, owner=b"") for h in key.holders))._proved(proving))
    return replace(keys, keys=tuple(made))


def tagged(keys: KeyFile, name: str) -> set[str]:
    return {holder.slot for holder in keys.newest(name).holders if holder.owner}


def test_an_older_key_file_opens_and_is_bound_by_who_holds_its_keys(register, people) -> None:  # type: ignore[no-untyped-def]
    case, shift, _ = people
    vault = register.desk.vault
    write(register, case, "role", "SALUTE")  # whoever that is, nobody is sure of it
    slots = vault.doors.slots()
    unbound(vault.key_file(), vault.held()).write(vault.keys_path)
    assert opens(register, SHIFT) == ("T. Turni", frozenset())
    assert not tagged(vault.key_file(), "health")
    assert opens(register, PASSPHRASE) is not None
    assert tagged(vault.key_file(), "health") == {slots[OperatorId(1)]}
    assert tagged(vault.key_file(), "safety") == {slots[OperatorId(1)]}
    assert register.operators.key_faults() == []
    register.operators.change_role(case, "EDUCATRICE")
    assert opens(register, CASE) == ("E. Educa", frozenset({"health", "law", "path"}))
    assert tagged(vault.key_file(), "health") == {slots[OperatorId(1)], slots[case]}
    assert opens(register, PASSPHRASE) is not None
    swap(register, case, shift, "slot")
    with pytest.raises(errors.WayInMisplaced):
        register.operators.set_passphrase(shift, NEW)


def test_another_program_makes_the_same_tags_and_proofs(register, people, vault_folder: Path) -> None:  # type: ignore[no-untyped-def]
    case, *_ = people
    slot = register.desk.vault.doors.slots()[case]
    file = json.loads((vault_folder / "register.keys").read_text(encoding="utf-8"))
    keys = all_keys_with_passphrase(file, CASE)
    for name in sorted(keys.keys() - {STORE_KEY}):
        (key,) = (key for key in file["keys"] if key["name"] == name)
        (holder,) = (holder for holder in key["holders"] if holder["slot"] == slot)
        assert holder["owner"] == owner_tag(file, name, keys[name], slot, (case, "E. Educa"))
        assert holders_are_proved(file, name, keys[name])
        holder["owner"] = owner_tag(file, name, keys[name], slot, (1, "S. Bianchi"))
        assert not holders_are_proved(file, name, keys[name])


def test_a_key_file_of_a_copy_keeps_whose_its_ways_in_are(register, people) -> None:  # type: ignore[no-untyped-def]
    kept = KeyFile.from_json(register.desk.vault.key_file_bytes().decode())
    assert kept.keys == register.desk.vault.key_file().keys


def test_two_who_open_no_compartment_can_be_swapped_and_gain_no_key(register, people, vault_folder: Path) -> None:  # type: ignore[no-untyped-def]
    """The limit that docs/known-limits.md tells: nothing that they do not hold themselves could prove it."""
    _, shift, desk = people
    swap(register, shift, desk, "slot")
    register.access.lock()
    again = build_register(Vault(vault_folder, NoSecrets()), FakeClock(NOW))
    again.access.unlock(PASSPHRASE)
    again.operators.set_passphrase(shift, NEW)
    again.access.lock()
    assert opens(register, NEW) == ("T. Turni", frozenset())
