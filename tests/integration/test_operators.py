"""Operators: who coordinates lets them in and takes them out; nobody else, never herself, and nobody is erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app import errors
from app.reference.ids import OperatorId
from app.services.access import OwnerDraft
from app.services.operator import OperatorDraft
from app.services.register import Register, build_register
from app.vault.device import NoSecrets
from app.vault.envelope import new_private, public_of
from app.vault.vault import Vault
from tests.conftest import LIGHT, NOW, PASSPHRASE
from tests.fakes import FakeClock

HERS = "sette rondini sul tetto"


def add(register: Register, name: str = "M. Ferri", role: str = "TURNO", phrase: str = HERS) -> OperatorId:
    return register.operators.add(OperatorDraft(name, role), phrase)


def actions(register: Register) -> list[str]:
    with register.desk.vault.work() as session:
        rows = session.connection().exec_driver_sql("SELECT action FROM trail WHERE subject = 'operator' ORDER BY id")
        return [action for (action,) in rows]


def test_she_opens_with_her_own_phrase_and_is_who_she_is(register: Register) -> None:
    made = add(register, "  M.   Ferri ")
    register.access.lock()
    register.access.unlock(HERS)
    me = register.access.operator()
    assert me is not None
    assert (me.id, me.login, me.display_name, me.role) == (made, "mferri", "M. Ferri", "TURNO")
    assert not register.operators.may_manage()
    for refused in (
        lambda: add(register, "X", phrase="una frase ancora diversa"),
        lambda: register.operators.change_role(OperatorId(1), "TURNO"),
        lambda: register.operators.leave(OperatorId(1)),
        lambda: register.operators.set_passphrase(OperatorId(1), "una frase ancora diversa"),
        register.operators.ask_new_keys,
        lambda: register.recoveries.adopt_sheet(register.recoveries.propose_sheet()),
    ):
        with pytest.raises(errors.RoleMayNot):
            refused()
    register.operators.set_passphrase(made, "la sua frase cambiata")  # her own she may


ROLES = ("COORDINAMENTO", "EDUCATRICE", "SALUTE", "TURNO", "AMMINISTRAZIONE")


@pytest.mark.parametrize("role", ROLES)
def test_each_intention_is_for_who_coordinates_and_the_rest_for_everybody(register: Register, role: str) -> None:
    """The services refuse, whatever the window shows; nothing is half done by a refusal."""
    other = add(register, "T. Riva", phrase="la frase di chi fa i turni")
    cards = register.recoveries.propose_cards()
    register.recoveries.adopt_cards(cards)
    add(register, "M. Ferri", role)
    register.access.lock()
    register.access.unlock(HERS)
    operators, recoveries, access = register.operators, register.recoveries, register.access
    before = register.desk.vault.key_file()
    reserved = (
        lambda: operators.add(OperatorDraft("X", "TURNO"), "una frase per chi è nuova"),
        lambda: operators.set_passphrase(other, "una frase ancora diversa"),
        lambda: access.set_passphrase(other, "una frase ancora diversa"),
        lambda: operators.change_role(other, "AMMINISTRAZIONE"),
        lambda: recoveries.set_drill(12),
        recoveries.note_proved,
        lambda: recoveries.adopt_cards(recoveries.propose_cards()),
        lambda: recoveries.adopt_sheet(recoveries.propose_sheet()),
        lambda: access.adopt_recovery(access.propose_recovery()),
        operators.ask_new_keys,
        lambda: operators.leave(other),
    )
    assert operators.may_manage() == (role == "COORDINAMENTO")
    if role == "COORDINAMENTO":
        for done in reserved:
            done()
        return
    for refused in reserved:
        with pytest.raises(errors.RoleMayNot):
            refused()
    operators.settle()
    assert register.desk.vault.key_file() == before
    assert recoveries.prove_card(" ".join(cards[0].words)).is_ours or recoveries.kind() == "sheet"
    assert len(operators.list_rows()) == 3
    assert operators.key_faults() == []
    access.set_passphrase(operators.list_rows()[0].id, "la sua frase cambiata")  # her own she may


def test_who_came_in_from_paper_may_make_what_was_lost_until_she_is_somebody(register: Register) -> None:
    other = add(register)
    cards = register.recoveries.propose_cards()
    register.recoveries.adopt_cards(cards)
    register.access.lock()
    register.access.unlock_with_cards(" ".join(cards[0].words), " ".join(cards[2].words))
    register.operators.leave(add(register, "X", phrase="una frase ancora diversa"))
    for refused in (  # nor does paper leave a register that no passphrase opens as a whole
        lambda: register.operators.change_role(OperatorId(1), "TURNO"),
        lambda: register.operators.leave(OperatorId(1)),
    ):
        with pytest.raises(errors.LastCoordination):
            refused()
    register.recoveries.adopt_cards(register.recoveries.propose_cards())
    register.operators.set_passphrase(other, "la sua frase rifatta")  # from now on she is that one, and no more
    assert register.desk.vault.operator == other
    assert register.desk.vault.compartments == frozenset()
    with pytest.raises(errors.RoleMayNot):
        register.operators.set_passphrase(OperatorId(1), "una frase ancora diversa")


def test_the_first_operator_coordinates_or_nobody_could_let_the_others_in(tmp_path: Path) -> None:
    fresh = build_register(Vault(tmp_path / "fresh", NoSecrets()), FakeClock(NOW))
    with pytest.raises(errors.LastCoordination):
        fresh.access.make_empty(OwnerDraft(PASSPHRASE, "x", "X", "TURNO", "Ente"), cost=LIGHT)
    assert not fresh.access.exists


def test_a_name_is_not_given_twice_and_logins_are_never_asked(register: Register) -> None:
    add(register)
    with pytest.raises(errors.OperatorNameTaken):
        add(register, "m. ferri", phrase="una frase ancora diversa")
    with pytest.raises(errors.FieldMissing):
        add(register, "  ", phrase="una frase ancora diversa")
    with pytest.raises(errors.UnknownCode):
        add(register, "Y", role="REGINA", phrase="una frase ancora diversa")
    with pytest.raises(errors.PassphraseTaken):
        add(register, "Y", phrase=HERS)
    add(register, "M Ferri", phrase="una frase ancora diversa")
    assert [row.login for row in register.access.operators()] == ["mferri2", "mferri", "sbianchi"]


def test_who_leaves_opens_nothing_stays_in_the_history_and_may_come_back_anew(register: Register) -> None:
    gone = add(register)
    register.operators.leave(gone)
    assert register.operators.keys_await()
    register.operators.renew_keys()
    assert not register.operators.keys_await()
    entry = register.operators.list_rows()[-1]
    assert (entry.id, entry.access, entry.left_on) == (gone, "left", NOW.date())
    assert gone not in {row.id for row in register.access.operators()}
    for refused in (
        lambda: register.operators.leave(gone),
        lambda: register.operators.set_passphrase(gone, HERS),
        lambda: register.operators.change_role(gone, "SALUTE"),
    ):
        with pytest.raises(errors.OperatorHasLeft):
            refused()
    assert add(register) != gone  # the same name, another row; even the same phrase, for it opens nothing else
    assert actions(register) == ["add", "leave", "add"]


def test_nobody_takes_away_her_own_access_and_the_last_who_coordinates_stays(register: Register) -> None:
    me = OperatorId(1)
    for refused in (lambda: register.operators.leave(me), lambda: register.operators.change_role(me, "TURNO")):
        with pytest.raises(errors.LastCoordination):
            refused()
    add(register, role="COORDINAMENTO")
    for refused in (lambda: register.operators.leave(me), lambda: register.operators.change_role(me, "TURNO")):
        with pytest.raises(errors.NotOneself):
            refused()
    register.access.lock()
    register.access.unlock(HERS)
    register.operators.leave(me)
    with pytest.raises(errors.LastCoordination):
        register.operators.change_role(OperatorId(2), "TURNO")


def test_a_lost_phrase_is_made_anew_by_who_coordinates_who_stays_at_the_desk(register: Register) -> None:
    made = add(register)
    register.operators.set_passphrase(made, "la frase di riserva nuova")
    me = register.access.operator()
    assert me is not None
    assert me.id == 1
    register.access.lock()
    with pytest.raises(errors.WrongPassphrase):
        register.access.unlock(HERS)
    register.access.unlock("la frase di riserva nuova")


def test_roles_open_what_belongs_to_them_from_the_next_opening_on(register: Register) -> None:
    made = add(register, role="SALUTE")
    vault = register.desk.vault
    sealed = vault.seal("health", b"x")
    register.operators.change_role(made, "AMMINISTRAZIONE")
    register.access.lock()
    register.access.unlock(HERS)
    assert vault.compartments == frozenset()
    with pytest.raises(errors.CompartmentClosed):
        vault.unseal("health", sealed)


def write(register: Register, said: str, *values: object) -> None:
    """Write a word into the store, as anybody can who has its key and another program."""
    with register.desk.vault.work() as session:
        session.connection().exec_driver_sql(said, values)


def test_a_lower_role_written_into_the_store_takes_no_key_from_who_coordinates(register: Register) -> None:
    add(register)
    vault, cards = register.desk.vault, register.recoveries.propose_cards()
    register.recoveries.adopt_cards(cards)
    before, all_of_them = vault.key_file(), vault.compartments
    write(register, "UPDATE operator SET role = 'TURNO'")
    for phrase in (HERS, PASSPHRASE):
        register.access.lock()
        register.access.unlock(phrase)
    assert vault.key_file() == before
    assert vault.compartments == all_of_them
    register.operators.set_passphrase(OperatorId(1), "la mia frase cambiata")  # nor by what she does herself
    register.access.lock()
    register.access.unlock("la mia frase cambiata")
    assert vault.compartments == all_of_them
    with pytest.raises(errors.RoleMayNot):
        register.operators.change_role(OperatorId(1), "COORDINAMENTO")
    register.access.lock()
    register.access.unlock_with_cards(" ".join(cards[0].words), " ".join(cards[1].words))
    register.operators.change_role(OperatorId(1), "COORDINAMENTO")  # the way back is on paper
    register.access.lock()
    register.access.unlock("la mia frase cambiata")
    assert register.operators.may_manage()


def test_a_row_that_names_no_way_in_does_not_destroy_the_last_one_to_a_compartment(register: Register) -> None:
    add(register)
    mine = register.desk.vault.doors.slots()[OperatorId(1)]
    write(register, "UPDATE operator SET slot = NULL WHERE id = 1")
    register.access.lock()
    register.access.unlock(HERS)
    assert mine in {slot.id for slot in register.desk.vault.key_file().slots}
    write(register, "UPDATE operator SET slot = ? WHERE id = 1", mine)
    register.access.lock()
    register.access.unlock(PASSPHRASE)
    assert register.operators.may_manage()


def test_a_reset_phrase_opens_what_the_old_one_did_whatever_the_row_says(register: Register) -> None:
    made = add(register)
    write(register, "UPDATE operator SET role = 'COORDINAMENTO' WHERE id = ?", made)
    register.operators.set_passphrase(made, "la frase di riserva nuova")
    with pytest.raises(errors.HerPassphraseNeeded):  # what is missing is given knowingly, with her phrase
        register.operators.change_role(made, "COORDINAMENTO")
    register.access.lock()
    register.access.unlock("la frase di riserva nuova")
    assert register.desk.vault.compartments == frozenset()


def spoil(register: Register, name: str, **of_it: object) -> None:
    """Write something else of a key into the key file."""
    vault = register.desk.vault
    keys = vault.key_file()
    replace(
        keys,
        keys=tuple(replace(key, **of_it) if key.name == name else key for key in keys.keys),  # type: ignore[arg-type]
    ).write(vault.keys_path)


@pytest.mark.parametrize("of_it", [{"public": public_of(new_private())}, {"proof": bytes(32)}])
def test_a_key_file_changed_by_a_stranger_is_told_at_the_opening_and_noted(
    register: Register, of_it: dict[str, bytes]
) -> None:
    made = add(register)
    spoil(register, "health", **of_it)
    register.access.lock()
    register.access.unlock(PASSPHRASE)
    me = register.access.operator()
    assert me is not None
    assert me.has_key_faults
    with register.desk.vault.work() as session:
        noted = session.connection().exec_driver_sql("SELECT count(*) FROM trail WHERE action = 'key_faults'").scalar()
    assert noted == 1
    before = register.operators.list_rows(), actions(register)
    for refused in (
        lambda: register.operators.set_passphrase(OperatorId(1), "la mia frase cambiata"),
        lambda: register.operators.change_role(made, "AMMINISTRAZIONE"),
        lambda: register.operators.leave(made),
        lambda: add(register, "X", phrase="una frase ancora diversa"),
        register.operators.ask_new_keys,
    ):
        with pytest.raises(errors.VaultDamaged):
            refused()
    assert (register.operators.list_rows(), actions(register)) == before  # nothing was half done


def test_who_cannot_open_her_newest_key_seals_nothing_to_the_old_one(register: Register) -> None:
    add(register, role="SALUTE")
    register.operators.ask_new_keys()
    register.operators.renew_keys()
    vault = register.desk.vault
    keys = vault.key_file()
    newest = keys.newest("health")
    broken = replace(newest, holders=tuple(replace(h, sealed=bytes(len(h.sealed))) for h in newest.holders))
    replace(keys, keys=tuple(broken if key is newest else key for key in keys.keys)).write(vault.keys_path)
    register.access.lock()
    register.access.unlock(HERS)
    assert register.operators.key_faults() == ["envelope: health 2"]
    with pytest.raises(errors.VaultDamaged):
        vault.seal("health", b"x")


def test_a_change_of_keys_that_was_cut_off_is_told_to_the_next_who_opens_and_finished_by_her(
    register: Register, vault_folder: Path
) -> None:
    gone = add(register)
    add(register, "T. Riva", phrase="la frase di chi fa i turni")
    before = register.access.raw_key()
    register.operators.leave(gone)  # and the power went before the rest
    register.access.lock()
    again = build_register(Vault(vault_folder, NoSecrets()), FakeClock(NOW))
    again.access.unlock("la frase di chi fa i turni")
    assert again.operators.keys_await()
    me = again.access.operator()
    assert me is not None
    assert me.keys_await  # told, not done: the store is not copied before the first page
    again.operators.renew_keys()
    assert not again.operators.keys_await()
    assert again.access.raw_key() != before
    again.access.lock()
    again.access.unlock(PASSPHRASE)
    assert again.desk.vault.examine() == []
    again.access.lock()


def test_a_change_of_keys_is_stopped_for_a_lock_and_goes_on_later(register: Register) -> None:
    gone = add(register)
    before = register.access.raw_key()
    register.operators.leave(gone)

    def locked(_done: int, _of: int) -> None:
        raise errors.RenewalStopped

    with pytest.raises(errors.RenewalStopped):
        register.operators.renew_keys(locked)
    assert register.access.is_open
    assert register.access.raw_key() == before
    assert not list(register.access.folder.glob("*-next*"))
    register.access.lock()
    register.access.unlock(PASSPHRASE)
    assert register.operators.keys_await()
    register.operators.renew_keys()
    assert register.access.raw_key() != before
    assert register.desk.vault.examine() == []


def test_an_opening_goes_well_even_if_the_change_of_keys_must_wait(register: Register, vault_folder: Path) -> None:
    gone = add(register)
    register.operators.leave(gone)
    other = build_register(Vault(vault_folder, NoSecrets()), FakeClock(NOW))
    other.access.unlock(PASSPHRASE)  # this computer has it open twice: the store cannot be exchanged now
    assert other.operators.keys_await()
    with pytest.raises(errors.VaultBusy):
        other.operators.renew_keys()
    other.access.lock()
    register.operators.renew_keys()
    assert not register.operators.keys_await()


def test_a_card_is_asked_for_after_some_months_and_proved_without_opening_anything(
    register: Register, clock: FakeClock
) -> None:
    recoveries = register.recoveries
    assert (recoveries.state().kind, recoveries.due_card()) == ("sheet", None)
    cards = recoveries.propose_cards()
    recoveries.adopt_cards(cards)
    state = recoveries.state()
    assert (state.kind, state.set_label, state.made_on, state.due) == ("cards", cards[0].set_label, NOW.date(), None)
    clock.advance(timedelta(days=100))
    assert recoveries.prove_card(" ".join(cards[0].words)).is_ours
    clock.advance(timedelta(days=81))
    assert recoveries.due_card() == 2
    foreign = recoveries.prove_card(" ".join(recoveries.propose_cards()[1].words))
    assert (foreign.is_ours, foreign.number) == (False, 2)
    assert recoveries.due_card() == 2
    with pytest.raises(errors.WrongCard):
        recoveries.prove_card("acid " * 20)
    for at, due in ((1, 3), (2, None)):
        assert recoveries.prove_card(" ".join(word[:4] for word in cards[at].words)).is_ours
        assert recoveries.due_card() == due
    recoveries.set_drill(0)
    clock.advance(timedelta(days=4000))
    assert recoveries.due_card() is None


def test_paper_made_later_takes_the_place_of_any_made_before(register: Register) -> None:
    recoveries, access = register.recoveries, register.access
    cards = recoveries.propose_cards()
    recoveries.adopt_cards(cards)
    groups = recoveries.propose_sheet()
    recoveries.adopt_sheet(groups)
    assert recoveries.state().kind == "sheet"
    access.lock()
    with pytest.raises(errors.UnknownCards):
        access.unlock_with_cards(" ".join(cards[0].words), " ".join(cards[1].words))
    access.unlock_with_recovery("-".join(groups))
    recoveries.adopt_cards(recoveries.propose_cards())  # who came in with paper may make it anew
    assert recoveries.state().kind == "cards"


def test_no_word_of_a_card_and_no_phrase_is_in_any_file(register: Register, vault_folder: Path) -> None:
    cards = register.recoveries.propose_cards()
    register.recoveries.adopt_cards(cards)
    add(register)
    register.access.lock()
    for path in vault_folder.iterdir():
        content = path.read_bytes()
        assert HERS.encode() not in content
        assert " ".join(cards[0].words[4:6]).encode() not in content
