"""People and keys at the real window, by the keyboard: who comes and goes, what is on paper, the bad days.

Each path is gone to its end, with the mistakes that tired people make on the way.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bootstrap import RegisterSource, build_window
from app.platform.attempt import NAME as ATTEMPTS
from app.platform.machine import MachineStore
from app.services.access import SetupDone, SetupDraft
from app.services.operator import OperatorDraft
from app.services.register import Register, build_register
from app.services.role import compartments_of
from app.ui.tasks import TaskRunner
from app.ui.theme import apply_theme
from app.vault.device import DeviceSecrets
from app.vault.vault import Vault
from tests.conftest import HOUSE, LIGHT, NOW
from tests.fakes import FakeClock, FakeSecrets
from tests.journeys.hands import Hands
from tests.journeys.test_lock_workers import Program

KEY = Qt.Key
TAB, RETURN = KEY.Key_Tab, KEY.Key_Return
MINE, HERS, NEW = "cinque tazze blu sul tavolo", "sette rondini sul tetto", "nove barche nella nebbia"
pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.slow,
    pytest.mark.timeout(300),
]


class Kept(Program):
    """The program on a computer that has a keyring."""

    def __init__(self, folder: Path, clock: FakeClock, machine: Path, secrets: DeviceSecrets) -> None:
        self.source = RegisterSource(folder, secrets=secrets, clock=clock, cost=LIGHT)
        self.vault, self.network, self.files = TaskRunner("vault"), TaskRunner("network"), TaskRunner("files")
        self.window = build_window(self.source, self.vault, self.network, MachineStore(machine), files=self.files)
        self.window.show()


Sit = Callable[[Path, DeviceSecrets], Hands]


@pytest.fixture
def sit(qapp: QApplication, qtbot: QtBot, clock: FakeClock, tmp_path: Path) -> Iterator[Sit]:
    """Return a function that starts the program on a folder of a computer; the one before is ended."""
    apply_theme(qapp)
    programs: list[Kept] = []

    def start(folder: Path, secrets: DeviceSecrets) -> Hands:
        if programs:
            programs.pop().close()
        programs.append(Kept(folder, clock, tmp_path / "machine.toml", secrets))
        return Hands(programs[-1], qtbot)

    yield start
    for program in programs:
        program.close()


def made(folder: Path, secrets: DeviceSecrets, *, kind: str = "cards", others: tuple[str, ...] = ()) -> SetupDone:
    """Make a register in which L. Fabbri coordinates, with others on shift; each has her name as her phrase."""
    register = build_register(Vault(folder, secrets), FakeClock(NOW))
    draft = SetupDraft(MINE, "lf", "L. Fabbri", "COORDINAMENTO", "Ente di prova", HOUSE, recovery=kind)  # type: ignore[arg-type]
    done = register.access.set_up(draft, cost=LIGHT)
    if done.cards:
        register.recoveries.note_proved()
    for phrase in others:
        register.operators.add(OperatorDraft(phrase.split()[0].title(), "TURNO"), phrase)
    register.access.lock()
    return done


def to_people(hands: Hands) -> None:
    hands.press("Alt+0")
    hands.press("Alt+P")
    hands.says("Operatrici e operatori")


def words(card: object) -> str:
    """Return the words of a card as a hurried person types them."""
    return " ".join(word[:4] for word in card.words)  # type: ignore[attr-defined]


def choose_new_phrase(hands: Hands, phrase: str) -> None:
    hands.find("Nuova frase segreta")
    hands.write(phrase)
    hands.find("Ripeti la frase segreta")
    hands.write(phrase)


def let_her_in(hands: Hands) -> None:
    """Let M. Ferri in on shift: her name, her own passphrase, and that of who lets her in."""
    to_people(hands)
    hands.push("Aggiungi")
    hands.strokes = 0
    hands.fill("M. Ferri")
    hands.find("La tua frase segreta")
    hands.write(MINE)
    choose_new_phrase(hands, HERS)
    hands.press(RETURN)
    hands.wait_for("M. Ferri può aprire il registro con la sua frase segreta.")
    assert hands.strokes < len("M. Ferri" + MINE + HERS + HERS) + 15


def test_somebody_comes_gets_more_to_see_and_goes(sit: Sit, tmp_path: Path) -> None:
    secrets = FakeSecrets()
    made(tmp_path / "r", secrets)
    hands = sit(tmp_path / "r", secrets)
    hands.unlock(MINE)
    let_her_in(hands)
    hands.find("M. Ferri")
    hands.press(RETURN)
    hands.find("Ruolo")
    hands.press(KEY.Key_Up)
    hands.says("La frase segreta di M. Ferri: la scrive lei")  # she is there: keys go to her and to nobody else
    hands.find("La tua frase segreta")
    hands.write(MINE)
    hands.find("La frase segreta di M. Ferri")
    hands.write(HERS)
    hands.press(RETURN)
    hands.wait_for("Salvato: vale da adesso.", "Salute")
    hands.lock()
    hands.unlock(HERS)
    assert hands.ask(lambda r: r.desk.vault.compartments) == compartments_of("SALUTE")
    to_people(hands)
    hands.says("spetta a chi ha il ruolo Coordinamento")
    hands.press("Alt+C")  # her own passphrase she changes herself
    hands.write(HERS)
    choose_new_phrase(hands, NEW)
    hands.press(RETURN)
    hands.wait_for("Frase segreta cambiata")
    hands.lock()
    hands.unlock(MINE)
    before = hands.ask(lambda r: r.access.raw_key())
    to_people(hands)
    hands.find("M. Ferri")
    hands.press(RETURN)
    hands.push("Non lavora più qui")
    hands.press(RETURN)  # nothing typed: nothing done, and the form stays
    hands.says("Scrivi la tua frase segreta.", "M. Ferri non lavora più qui")
    hands.write(MINE)
    hands.press(RETURN)  # Return goes on, and does not also press what closes
    hands.wait_for("M. Ferri non apre più il registro e le chiavi sono nuove.", "Non più qui dal")
    assert hands.ask(lambda r: r.access.raw_key()) != before
    hands.lock()
    hands.write(NEW)
    hands.press(RETURN)
    hands.wait_for("La frase segreta non è giusta")


def test_two_cards_open_whatever_was_mistyped_before(sit: Sit, tmp_path: Path) -> None:
    secrets = FakeSecrets()
    first, second, third = made(tmp_path / "r", secrets).cards
    foreign = made(tmp_path / "other", FakeSecrets()).cards[1]
    hands = sit(tmp_path / "r", secrets)
    hands.push("Ho perso la frase segreta")
    wrong = [*first.words[:6], "acid" if first.words[6] != "acid" else "acne", *first.words[7:]]
    hands.write(" ".join(wrong))
    hands.says("La parola 7 non può essere", f"guarda se sulla scheda c’è «{first.words[6]}»")
    hands.press(RETURN)
    hands.says("Prima scheda")
    hands.push(f"Usa «{first.words[6]}»")
    hands.says("Scheda 1 di 3", "le parole sono giuste")
    hands.press("Ctrl+A")
    at = next(n for n in range(19) if first.words[n] != first.words[n + 1])
    turned = [*first.words[:at], first.words[at + 1], first.words[at], *first.words[at + 2 :]]
    hands.write(" ".join(turned))
    hands.says(f"Le parole {at + 1} e {at + 2} sono scambiate di posto.")
    hands.press("Ctrl+A")
    hands.write(words(first))
    hands.press(RETURN)
    hands.says(f"La prima è la scheda 1 della serie {first.set_label}.")
    for card, said in ((first, "due volte la stessa scheda"), (foreign, "non sono della stessa serie")):
        hands.write(words(card))
        hands.press(RETURN)
        hands.wait_for(said, "Non è andato perso nulla")
        hands.press("Ctrl+A")
    hands.write(words(third))
    hands.press(RETURN)
    hands.wait_for("Il registro è aperto", "Operatrice o operatore")
    choose_new_phrase(hands, NEW)
    with hands.opening():
        hands.press(RETURN)
    hands.lock()
    hands.unlock(NEW)
    assert second.set_label == third.set_label


def test_an_emptied_keyring_is_told_apart_and_everybody_gets_in_again(sit: Sit, tmp_path: Path) -> None:
    secrets = FakeSecrets()
    groups = list(made(tmp_path / "r", secrets, kind="sheet", others=("tre gatti sul muretto",)).recovery_groups)
    secrets.kept.clear()
    hands = sit(tmp_path / "r", secrets)
    hands.write(MINE)
    hands.press(RETURN)
    hands.wait_for("Questo computer non ha il segreto del dispositivo", "Sblocca")
    hands.push("Apri con le schede o il foglio")  # nobody lost her phrase
    spoilt = [*groups[:2], groups[2][:4] + ("A" if groups[2][4] != "A" else "B"), *groups[3:]]
    hands.write(" ".join(spoilt))
    hands.says("Il gruppo 3 non è giusto")
    hands.press("Ctrl+A")
    hands.write("".join(groups).lower())
    hands.press(RETURN)
    hands.wait_for("Il registro è aperto")
    hands.find("Operatrice o operatore")
    hands.write("T")  # who it is, she says herself
    hands.says("Qui non apre ancora nessuno che coordina")
    hands.press(Qt.Key.Key_Up)
    assert "Qui non apre ancora nessuno che coordina" not in hands.screen()
    choose_new_phrase(hands, MINE)  # the same as before will do
    with hands.opening():
        hands.press(RETURN)
    to_people(hands)
    hands.says("Frase da rifare qui")
    hands.find("Tre")
    hands.press(RETURN)
    hands.find("La tua frase segreta")
    hands.write(MINE)
    hands.push("Nuova frase segreta…")
    choose_new_phrase(hands, "tre gatti sul muretto")
    hands.press(RETURN)
    hands.wait_for("Salvato: vale da adesso.")
    assert "Frase da rifare qui" not in hands.screen()
    hands.lock()
    hands.unlock("tre gatti sul muretto")


def test_on_a_new_laptop_a_copy_of_the_folder_opens_with_the_cards_alone(sit: Sit, tmp_path: Path) -> None:
    first, _, third = made(tmp_path / "r", FakeSecrets()).cards
    shutil.copytree(tmp_path / "r", tmp_path / "there")
    there = FakeSecrets()
    hands = sit(tmp_path / "there", there)
    hands.write(MINE)
    hands.press(RETURN)
    hands.wait_for("il registro è stato copiato qui")
    hands.push("Apri con le schede o il foglio")
    for card in (third, first):
        hands.write(words(card))
        hands.press(RETURN)
    hands.wait_for("Il registro è aperto")
    choose_new_phrase(hands, NEW)
    with hands.opening():
        hands.press(RETURN)
    assert there.kept
    hands.lock()
    hands.write(MINE)
    hands.press(RETURN)
    hands.wait_for("La frase segreta non è giusta")
    hands.wait_for("Sblocca")
    hands.press("Ctrl+A")
    hands.unlock(NEW)


def test_a_card_that_is_not_found_at_the_drill_is_made_anew(sit: Sit, tmp_path: Path, clock: FakeClock) -> None:
    secrets = FakeSecrets()
    cards = made(tmp_path / "r", secrets).cards
    foreign = made(tmp_path / "other", FakeSecrets()).cards[0]
    clock.advance(timedelta(days=200))
    hands = sit(tmp_path / "r", secrets)
    hands.unlock(MINE)
    to_people(hands)
    hands.push("Prova una scheda")
    hands.says("Prendi la scheda 1")
    hands.write(words(foreign))
    hands.press(RETURN)
    hands.wait_for("non apre questo registro", "fai tre schede nuove")
    hands.press("Ctrl+A")
    hands.write(words(cards[0]))
    hands.press(RETURN)
    hands.wait_for("La scheda 1 è giusta ed è al suo posto.", "Prova la scheda 2")
    hands.push("Nuove schede")  # the second cannot be found
    dialog = QApplication.activeModalWidget()
    new = dialog.cards()  # type: ignore[union-attr]  # what she reads from the paper
    hands.push("Ho le schede: verifica")
    for number, (card, places) in enumerate(zip(new, dialog.proof.asked(), strict=True), 1):  # type: ignore[union-attr]
        for place in places:
            hands.find(f"Scheda {number}, Parola {place}")
            hands.write(card.words[place - 1])
    hands.find("La tua frase segreta")
    hands.write(MINE)
    hands.press(RETURN)
    hands.wait_for("Le schede nuove valgono")
    hands.says(f"Serie {new[0].set_label}")
    hands.lock()
    hands.push("Ho perso la frase segreta")
    for card in (cards[0], cards[1]):
        hands.write(words(card))
        hands.press(RETURN)
    hands.wait_for("ne sono state fatte di nuove")


def test_wrong_phrases_slow_down_also_over_a_restart_and_a_clock_set_back(sit: Sit, tmp_path: Path) -> None:
    secrets = FakeSecrets()
    made(tmp_path / "r", secrets)
    hands = sit(tmp_path / "r", secrets)
    for seconds in ("1 secondo", "2 secondi"):
        hands.write("tiro a indovinare")
        hands.press(RETURN)
        hands.wait_for(f"Riprova tra {seconds}")
        if seconds.startswith("1"):
            hands.wait_for("Sblocca")
        hands.press("Ctrl+A")
    attempts = tmp_path / ATTEMPTS
    assert "failures = 2" in attempts.read_text()
    for told, at in (("Riprova tra 5 minuti", time.time()), ("Riprova tra 5 minuti", time.time() + 10**6)):
        attempts.write_text(f"failures = 20\nat = {at:.0f}\n")  # later that night; and with the clock set back
        hands = sit(tmp_path / "r", secrets)
        hands.says(told)
        hands.write(MINE)
        hands.press(RETURN)
        assert hands.window.workplace is None
        hands.says(told)
    hands.push("Ho perso la frase segreta")  # what is on paper cannot be guessed: it never waits
    hands.says("Prima scheda")
    attempts.write_text(f"failures = 20\nat = {time.time() - 400:.0f}\n")
    hands = sit(tmp_path / "r", secrets)
    hands.unlock(MINE)
    assert "failures = 0" in attempts.read_text()


def test_a_change_of_keys_that_the_power_cut_off_is_finished_at_the_next_unlocking(sit: Sit, tmp_path: Path) -> None:
    secrets = FakeSecrets()
    made(tmp_path / "r", secrets, others=("tre gatti sul muretto", "due lampi nella valle"))

    def register() -> Register:
        return build_register(Vault(tmp_path / "r", secrets), FakeClock(NOW))

    cut = register()
    cut.access.unlock(MINE)
    before = cut.access.raw_key()
    cut.operators.leave(cut.operators.list_rows()[2].id)  # and then the power went
    cut.access.lock()
    hands = sit(tmp_path / "r", secrets)
    hands.unlock("due lampi nella valle")  # whoever is next, in whatever role
    hands.wait_for("Le chiavi sono nuove.")  # behind the first page, which waits for nothing
    assert hands.ask(lambda r: r.access.raw_key()) != before
    assert not hands.ask(lambda r: r.operators.keys_await())
    to_people(hands)
    assert "Il cambio delle chiavi non è finito" not in hands.screen()
