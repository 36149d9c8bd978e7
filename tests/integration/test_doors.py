"""Who may open the vault: operators come, change and leave; keys are renewed; compartments stay closed."""

from __future__ import annotations

import errno
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from app import errors
from app.reference.compartment import COMPARTMENTS
from app.reference.ids import OperatorId
from app.vault.card import CardSet
from app.vault.device import NoSecrets
from app.vault.engine import set_aside_orphans
from app.vault.key import KdfCost, VaultKey
from app.vault.keyset import STORE_KEY, KeySet
from app.vault.keyslot import KeyFile
from app.vault.place import KEYS, STORE
from app.vault.renewal import ask_renewal
from app.vault.seal import unseal
from app.vault.sealedkey import Holder
from app.vault.slot import KeySlot
from app.vault.vault import Vault
from tests.conftest import LIGHT, PASSPHRASE
from tests.fakes import FakeSecrets
from tests.kill_keys import Deed, Known, cards, change_role, kill_at_random, kill_at_steps, leave, mine

AT = datetime(2026, 6, 15, tzinfo=UTC)
WORKER, SHIFT = "la frase della educatrice", "la frase di chi fa i turni"


ALL = frozenset(COMPARTMENTS)


def names_of(role: str) -> frozenset[str]:
    return {"COORDINAMENTO": ALL, "SALUTE": frozenset({"health"})}.get(role, frozenset())


@pytest.fixture(autouse=True)
def _every_write_is_noted() -> None:
    """The vault notes nothing by itself: its services do, and their tests watch it."""


@pytest.fixture
def vault(vault_folder: Path) -> Iterator[Vault]:
    """An open vault with S. Bianchi, who coordinates, a nurse and somebody for the shifts."""
    opened = Vault(vault_folder, NoSecrets())
    opened.unlock(PASSPHRASE)
    opened.doors.add_operator(WORKER, login="n", display_name="N.", role="SALUTE", names=names_of("SALUTE"))
    opened.doors.add_operator(SHIFT, login="t", display_name="T.", role="TURNO", names=names_of("TURNO"))
    yield opened
    opened.lock()


def reopened(vault: Vault, phrase: str) -> Vault:
    vault.lock()
    vault.unlock(phrase)
    return vault


def test_each_passphrase_opens_for_its_operator_and_her_compartments_alone(vault: Vault) -> None:
    for phrase, who, opened in ((PASSPHRASE, 1, ALL), (WORKER, 2, {"health"}), (SHIFT, 3, set())):
        reopened(vault, phrase)
        assert vault.operator == who
        assert vault.compartments == opened
    vault.lock()
    assert vault.compartments == frozenset()


def test_anybody_seals_but_only_a_holder_reads_also_with_the_raw_key(vault: Vault) -> None:
    reopened(vault, SHIFT)
    sealed = vault.seal("health", b"terapia: CANARY", b"guest|1")
    with pytest.raises(errors.CompartmentClosed):
        vault.unseal("health", sealed, b"guest|1")
    assert b"CANARY" not in sealed
    reopened(vault, WORKER)
    assert vault.unseal("health", sealed, b"guest|1") == b"terapia: CANARY"
    with pytest.raises(errors.VaultDamaged):  # moved to another guest
        vault.unseal("health", sealed, b"guest|2")
    with pytest.raises(errors.VaultDamaged):
        vault.unseal("health", sealed[:-1] + bytes([sealed[-1] ^ 1]), b"guest|1")
    with pytest.raises(errors.CompartmentClosed):
        vault.unseal("law", vault.seal("law", b"x"))


def test_short_values_are_sealed_to_the_same_length(vault: Vault) -> None:
    assert len({len(vault.seal("health", b"x" * n)) for n in range(64)}) == 1
    for content in (b"", b"\x80", b"\x00" * 64, "è".encode()):
        assert vault.unseal("health", vault.seal("health", content)) == content


def test_who_leaves_opens_nothing_from_that_moment_and_the_store_gets_another_key(vault: Vault) -> None:
    before, raw = KeyFile.read(vault.folder / KEYS), vault.raw_key()
    told: list[tuple[int, int]] = []
    vault.doors.remove_operator(OperatorId(2), AT, names_of)
    assert vault.awaits_new_key
    vault.change_store_key(lambda done, of: told.append((done, of)))
    vault.doors.settle(names_of)
    assert not vault.awaits_new_key
    assert told[-1][0] == told[-1][1]
    assert vault.raw_key() != raw
    assert vault.operator == 1
    link = driver.connect(str(vault.folder / STORE))
    link.execute("PRAGMA cipher_log_level = NONE")
    link.execute(f"PRAGMA key = \"x'{raw}'\"")
    with pytest.raises(driver.DatabaseError):  # what she may have kept opens what was, not what is
        link.execute("SELECT count(*) FROM sqlite_master")
    link.close()
    with pytest.raises(errors.WrongPassphrase):
        reopened(vault, WORKER)
    reopened(vault, SHIFT)
    reopened(vault, PASSPHRASE)
    after = vault.key_file()
    assert [sealed.generation for sealed in after.of(STORE_KEY)] == [before.newest(STORE_KEY).generation + 1]
    assert after.newest("health").generation == 2
    assert after.newest("law").generation == 1  # she never had that one
    assert vault.examine() == []


def test_who_leaves_does_not_read_what_is_sealed_later_even_with_her_old_key_file(vault: Vault) -> None:
    before = vault.seal("health", b"before")
    kept = KeyFile.read(vault.folder / KEYS).open_with_passphrase(WORKER, None)[0]
    vault.doors.remove_operator(OperatorId(2), AT, names_of)
    vault.change_store_key()
    after = vault.seal("health", b"after")
    label = vault.key_file().vault
    assert unseal(label, kept.keys, "health", before) == b"before"  # what she could read once she has read
    with pytest.raises(errors.CompartmentClosed):
        unseal(label, kept.keys, "health", after)
    assert vault.unseal("health", after) == b"after"
    assert vault.unseal("health", before) == b"before"


def test_a_role_gives_compartments_to_whom_her_passphrase_proves_and_takes_them_without(vault: Vault) -> None:
    old = vault.seal("health", b"old")
    for said, refusal in (("", errors.HerPassphraseNeeded), (WORKER, errors.WrongPassphrase)):
        with pytest.raises(refusal):
            vault.doors.change_role(OperatorId(3), "SALUTE", names_of, said)
    vault.doors.change_role(OperatorId(3), "SALUTE", names_of, SHIFT)
    reopened(vault, SHIFT)
    assert vault.compartments == {"health"}
    assert vault.unseal("health", old) == b"old"
    reopened(vault, PASSPHRASE)
    vault.doors.change_role(OperatorId(3), "TURNO", names_of)
    assert vault.key_file().newest("health").generation == 2
    assert vault.key_file().newest(STORE_KEY).generation == 1
    reopened(vault, SHIFT)
    assert vault.compartments == frozenset()


def test_a_role_written_into_the_store_by_hand_opens_nothing(vault: Vault) -> None:
    with vault.work() as session:
        session.connection().exec_driver_sql("UPDATE operator SET role = 'COORDINAMENTO' WHERE id = 3")
    vault.doors.settle(names_of)
    reopened(vault, SHIFT)
    vault.doors.settle(names_of)
    vault.doors.set_passphrase(OperatorId(3), "la frase nuova dei turni")
    assert vault.compartments == frozenset()


def test_a_demotion_cut_off_before_its_row_has_taken_the_key_already(vault: Vault) -> None:
    class Cut(Exception):
        """The power goes."""

    def cut(_session: object, _operator: OperatorId) -> None:
        raise Cut

    old = vault.held().get("health", 1)
    assert old is not None
    with pytest.raises(Cut):
        vault.doors.change_role(OperatorId(2), "TURNO", names_of, noted=cut)
    made = vault.key_file()
    assert made.newest("health").generation == 2
    reopened(vault, WORKER).doors.settle(names_of)
    assert vault.compartments == frozenset()  # she makes no key herself, and gets none
    assert vault.key_file() == made
    vault.seal("health", b"x")
    reopened(vault, PASSPHRASE).doors.change_role(OperatorId(2), "TURNO", names_of)
    assert vault.key_file().newest("health").generation == 2


def test_a_lock_goes_through_whatever_fails_in_it(vault: Vault) -> None:
    told: list[str] = []

    def fails() -> None:
        told.append("one")
        raise RuntimeError

    held, key = vault.held(), vault.held().store()
    vault.at_lock += [fails, lambda: told.append("two")]
    vault.lock()
    assert told == ["one", "two"]
    assert not vault.is_open
    assert held.items() == []
    assert key.raw() == bytes(32)
    vault.at_lock.remove(fails)
    other = Vault(vault.folder, NoSecrets())
    other.unlock(PASSPHRASE)
    with other.alone():  # the folder was let go of
        pass
    other.lock()


def test_a_key_file_that_cannot_be_written_leaves_no_half_one(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(errors.DiskFull):
        vault.key_file().write(vault.keys_path)
    assert not vault.keys_path.with_suffix(".new").exists()


def test_stores_without_keys_are_set_aside_under_names_that_are_free(tmp_path: Path) -> None:
    for content in (b"a", b"b", b"c"):
        (tmp_path / STORE).write_bytes(content)
        set_aside_orphans(tmp_path / STORE)
    assert sorted(kept.read_bytes() for kept in tmp_path.iterdir()) == [b"a", b"b", b"c"]


def test_a_public_key_exchanged_in_the_key_file_gets_no_compartment(vault: Vault) -> None:
    """Whoever opens the store can write its list of holders anew, with a proof that holds: that list gives nothing."""
    keys, held = vault.key_file(), vault.held()
    slot = vault.doors.slots()[OperatorId(3)]
    _, stranger = KeySlot.new(keys.vault, "passphrase", b"a secret of somebody who is curious")
    store = keys.newest(STORE_KEY)
    swapped = [Holder(h.slot, stranger if h.slot == slot else h.public, h.sealed) for h in store.holders]
    forged = replace(store, holders=tuple(swapped))
    forged = replace(forged, proof=forged._mac(held.store()))
    replace(keys, keys=tuple(forged if k.name == STORE_KEY else k for k in keys.keys)).write(vault.keys_path)
    vault.doors.change_role(OperatorId(3), "SALUTE", names_of, SHIFT)
    assert [h.public for h in vault.key_file().newest("health").holders if h.slot == slot] != [stranger]
    assert reopened(vault, SHIFT).compartments == {"health"}


def test_a_holder_left_over_by_who_could_not_tidy_is_given_no_new_key(vault: Vault) -> None:
    """She leaves, the power goes, and the first who opens holds no compartment: she may not be given the next key."""
    kept = KeyFile.read(vault.keys_path)
    gone = vault.doors.slots()[OperatorId(2)]
    with vault.work() as session:  # as `remove_operator` does before the power goes
        session.connection().exec_driver_sql("UPDATE operator SET slot = NULL, left_at = '2026-06-15' WHERE id = 2")
        ask_renewal(session, vault.key_file(), {STORE_KEY, "health"})
    reopened(vault, SHIFT).doors.settle(names_of)
    assert vault.key_file().newest("health").holds(gone)  # who is on shift cannot change that list
    reopened(vault, PASSPHRASE).doors.settle(names_of)
    health = vault.key_file().newest("health")
    assert health.generation == 2
    assert not health.holds(gone)
    (opened,) = kept.open_with_passphrase(WORKER, None)  # with the key file from before, and the one of now
    assert health.opened(gone, opened.private) is None


def test_an_older_key_file_put_back_gives_nobody_what_is_sealed_from_then_on(vault: Vault) -> None:
    vault.doors.change_role(OperatorId(3), "SALUTE", names_of, SHIFT)
    old = vault.keys_path.read_bytes()
    vault.doors.change_role(OperatorId(3), "TURNO", names_of)
    vault.lock()
    vault.keys_path.write_bytes(old)  # by T., who reads health with it, and would read what comes
    vault.unlock(SHIFT)
    had = vault.held().get("health", 1)
    assert had is not None
    kept = had.raw()
    vault.doors.settle(names_of)
    reopened(vault, PASSPHRASE).doors.settle(names_of)
    assert vault.key_file().newest("health").generation == 3  # 2 is taken by what was sealed with the file now gone
    sealed = vault.seal("health", b"later")
    with pytest.raises(errors.CompartmentClosed):
        unseal(vault.key_file().vault, KeySet({("health", 1): VaultKey(kept)}), "health", sealed)
    assert reopened(vault, WORKER).unseal("health", sealed) == b"later"


def test_weaker_costs_in_the_key_file_are_refused_before_a_passphrase_is_made_with_them(tmp_path: Path) -> None:
    vault, cards = Vault(tmp_path, NoSecrets()), CardSet.new()
    cost = KdfCost(time_cost=2, memory_kib=8 * 1024, parallelism=1)
    with vault.making(PASSPHRASE, login="s", display_name="S.", role="COORDINAMENTO", paper=cards, cost=cost):
        pass
    vault.lock()
    weaker = vault.keys_path.read_text().replace('"time_cost": 2', '"time_cost": 1')
    vault.keys_path.write_text(weaker)
    with pytest.raises(errors.WrongPassphrase):
        vault.unlock(PASSPHRASE)
    vault.unlock_with_cards(cards.cards[0].text(), cards.cards[1].text())  # nobody is locked out by it
    with pytest.raises(errors.VaultDamaged):
        vault.doors.set_passphrase(OperatorId(1), "una frase presa con un costo piu debole")
    vault.lock()


def test_a_change_of_passphrase_keeps_what_she_opens(vault: Vault) -> None:
    reopened(vault, WORKER)
    vault.doors.set_passphrase(OperatorId(2), "la frase nuova della nurse")
    reopened(vault, "la frase nuova della nurse")
    assert (vault.operator, vault.compartments) == (2, {"health"})


def test_two_cards_open_and_new_ones_stop_the_old(vault: Vault) -> None:
    old, new = CardSet.new(), CardSet.new()
    vault.doors.adopt(old, datetime.now(UTC))
    vault.doors.adopt(new, datetime.now(UTC))
    vault.lock()
    first, second, third = (card.text() for card in new.cards)
    with pytest.raises(errors.UnknownCards):
        vault.unlock_with_cards(old.cards[0].text(), old.cards[1].text())
    with pytest.raises(errors.SameCardTwice):
        vault.unlock_with_cards(first, first)
    vault.unlock_with_cards(third, second)
    assert vault.operator is None
    assert vault.compartments == ALL
    vault.doors.set_passphrase(OperatorId(3), "la frase nuova dei turni")
    assert (vault.operator, vault.compartments) == (3, frozenset())  # she is who she is, not who had the cards
    reopened(vault, "la frase nuova dei turni")


def test_who_cannot_open_all_prints_no_way_in(vault: Vault) -> None:
    reopened(vault, WORKER)
    with pytest.raises(errors.CompartmentClosed):
        vault.doors.adopt(CardSet.new(), datetime.now(UTC))


def test_the_store_is_not_exchanged_under_another_program_that_has_it_open(vault: Vault) -> None:
    vault.doors.ask_new_store_key(names_of)
    other = Vault(vault.folder, NoSecrets())
    other.unlock(SHIFT)
    with pytest.raises(errors.VaultBusy):
        vault.change_store_key()
    with pytest.raises(errors.VaultBusy):  # nor are keys changed by two at once, of whom one would be forgotten
        vault.doors.set_passphrase(OperatorId(1), "la nuova frase di domani")
    assert vault.is_open
    assert vault.awaits_new_key
    other.lock()
    vault.change_store_key()
    assert not vault.awaits_new_key
    other.unlock(SHIFT)
    other.lock()


def test_a_copy_for_a_backup_holds_only_the_key_that_fits_it(vault: Vault) -> None:
    vault.doors.ask_new_store_key(names_of)
    kept = KeyFile.from_json(vault.key_file_bytes().decode())
    assert [sealed.generation for sealed in kept.of(STORE_KEY)] == [1]
    assert kept.open_with_passphrase(SHIFT, None)


def test_a_damaged_store_is_not_sealed_anew_with_its_faults(vault: Vault) -> None:
    vault.doors.ask_new_store_key(names_of)
    reopened(vault, PASSPHRASE)  # the log is in the store now; and then a disk that fails
    content = bytearray((vault.folder / STORE).read_bytes())
    content[len(content) // 2 + 100] ^= 0x40
    (vault.folder / STORE).write_bytes(content)
    with pytest.raises(errors.VaultDamaged):
        vault.change_store_key()
    assert vault.is_open
    assert not list(vault.folder.glob("*-next*"))


def test_a_new_laptop_opens_with_cards_and_says_whose_phrase_must_be_made_anew(tmp_path: Path) -> None:
    cards = CardSet.new()
    here = Vault(tmp_path / "here", FakeSecrets())
    with here.making(PASSPHRASE, login="s", display_name="S.", role="COORDINAMENTO", paper=cards, cost=LIGHT):
        pass
    here.doors.add_operator(SHIFT, login="t", display_name="T.", role="TURNO", names=frozenset())
    here.lock()
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    there = Vault(tmp_path / "there", FakeSecrets())
    with pytest.raises(errors.DeviceSecretMissing):
        there.unlock(PASSPHRASE)
    there.unlock_with_cards(cards.cards[0].text(), cards.cards[1].text())
    there.doors.set_passphrase(OperatorId(1), "la frase del computer nuovo", names_of("COORDINAMENTO"))
    assert there.doors.slots()[OperatorId(1)] in there.doors.slots_here()
    assert there.doors.slots()[OperatorId(2)] not in there.doors.slots_here()
    there.lock()
    with pytest.raises(errors.BoundElsewhere):
        there.unlock(SHIFT)
    there.unlock("la frase del computer nuovo")
    assert there.compartments == ALL
    there.doors.set_passphrase(OperatorId(2), SHIFT, names_of("TURNO"))
    there.lock()
    there.unlock(SHIFT)
    there.lock()


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("change", "step"), [(leave, 11), (change_role, 6), (mine, 4), (cards, 3)])
def test_a_change_of_people_or_keys_killed_at_a_step_is_made_or_not_made(
    tmp_path: Path, change: Callable[[Known, random.Random], Deed], step: int
) -> None:
    """One step of each of the longest; `python -m tests.kill_keys` dies at every step of all of them."""
    assert kill_at_steps(tmp_path, change, [step]) == 1


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_acknowledged_change_of_keys_is_lost_by_a_kill(tmp_path: Path) -> None:
    assert kill_at_random(tmp_path / "v", seed=7, kills=3)
