"""What is said of the end of keeping: reasons in words, numbers by class, what the page of the day warns of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.reference.ids import ErasureId, GuestId, ProjectId
from app.services.backup import Reminder
from app.services.erasing import ANONYMISE, ERASE, Erased
from app.services.erasure_plan import Certificate, ErasurePlan, OverdueRow, ProjectHold, Watch
from app.services.hold import Hold
from app.services.left_note import LeftNote
from app.services.old_copy import OldCopy
from app.ui.presenters import retention as words

NOW = datetime(2026, 6, 15, 20, 0, tzinfo=UTC)
ROWS = {"guest": 2, "stay": 1, "presence": 47, "diary_entry": 3, "handover": 1, "referral": 2, "document": 1}


def plan(*holds: Hold, **more: int) -> ErasurePlan:
    return ErasurePlan(
        guest=GuestId(7), code="4K7T-9", asked=False, left_on=date(2019, 4, 20), due_on=date(2024, 4, 20), holds=holds,
        rows=ROWS, **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("hold", "said"),
    [
        (Hold("here"), "è ancora qui, o la sua uscita è nel futuro"),
        (Hold("term", day=date(2029, 4, 20)), "il termine finisce il 20 apr 2029"),
        (Hold("accounts", what="Bando"), "la rendicontazione di «Bando» è ancora aperta"),
        (
            Hold("accounts", what="Bando", day=date(2030, 1, 1)),
            "la rendicontazione di «Bando» trattiene i dati fino al 1 gen 2030",
        ),
        (Hold("month", n=1, what="2019-03"), "1 mese in cui è stata qui non è chiuso (marzo 2019)"),
        (Hold("report", n=2, what="2019-03"), "2 rapporti non sono ancora dal capofila (il primo è marzo 2019)"),
        (Hold("referral", n=1), "1 invio sanitario aspetta un esito"),
        (Hold("custody", n=2), "2 cose sue sono ancora in custodia"),
        (Hold("deadline", n=1, day=date(2026, 7, 1)), "1 scadenza è ancora da venire (1 lug 2026)"),
        (Hold("permit", day=date(2027, 1, 1)), "il suo titolo vale fino al 1 gen 2027"),
    ],
)
def test_every_reason_to_wait_has_its_words(hold: Hold, said: str) -> None:
    assert words.hold_words(hold) == said


def test_anonymous_the_facts_of_the_accounts_stay_and_erased_none() -> None:
    assert words.staying(plan(), ANONYMISE) == [("Scheda", 1), ("Soggiorni", 1), ("Notti", 47)]
    assert words.staying(plan(), ERASE) == []
    gone = dict(words.going(plan(), ANONYMISE))
    assert gone == {"Note, consegne, cose in custodia": 4, "Salute, bisogni, dieta": 2, "Documenti": 1}
    assert dict(words.going(plan(), ERASE))["Identità"] == 2


def test_a_reason_that_holds_one_way_only_says_so() -> None:
    only_erasing = plan(Hold("accounts", what="Bando", holds=frozenset({ERASE})))
    assert words.holds_text(only_erasing, ANONYMISE) == ("", "")
    assert words.holds_text(only_erasing, ERASE)[0] == "Così non si può ancora fare."
    assert words.holds_text(plan(Hold("here")), ERASE)[0] == "Non si può ancora fare."


def test_what_else_happens_is_said_in_numbers() -> None:
    said = " ".join(words.notices(plan(months=2, struck=1, left=(LeftNote("stay", "x"),) * 3, drafts=2), ERASE))
    for part in ("I 2 mesi", "In 1 nota su altri", "In 3 note c’è un nome", "2 moduli lasciati a metà"):
        assert part in said


@pytest.mark.parametrize(
    ("watch", "said"),
    [
        (None, []),
        (Watch(0, 0, 0), []),
        (Watch(3, 1, 0), ["3 schede oltre il termine di conservazione: 1 senza impedimenti; le altre aspettano"]),
        (Watch(1, 1, 0), ["Una scheda oltre il termine di conservazione: Nessun impedimento: si può procedere"]),
        (Watch(2, 0, 0), ["2 schede oltre il termine di conservazione: Tutte trattenute: leggi perché"]),
    ],
)
def test_the_page_of_the_day_warns_the_coordination(watch: Watch | None, said: list[str]) -> None:
    found = words.alerts(watch)
    assert [f"{alert.title}: {alert.note}" for alert in found] == said
    assert all((alert.page, alert.value) == ("settings", words.RETENTION_TAB) for alert in found)


def test_copies_that_still_hold_somebody_come_first() -> None:
    assert [alert.icon for alert in words.alerts(Watch(1, 1, 2))] == ["usb", "hourglass_empty"]


@pytest.mark.parametrize(
    ("pending", "reminder", "begins"),
    [
        (2, None, "Copie di sicurezza: 2 fatte prima"),
        (0, Reminder(has_place=False, last=None, days=None), "Copie di sicurezza: questo computer non ha"),
        (0, Reminder(has_place=True, last=NOW, days=0), "Copie di sicurezza: nessuna copia conosciuta"),
    ],
)
def test_what_becomes_of_the_backups_is_said_as_it_is(pending: int, reminder: Reminder | None, begins: str) -> None:
    assert words.copies_line(pending, reminder).startswith(begins)


def test_rows_of_the_page_say_what_they_are() -> None:
    free = OverdueRow(GuestId(7), "4K7T-9", date(2019, 4, 20), date(2024, 4, 20), ())
    held = OverdueRow(GuestId(7), "4K7T-9", date(2019, 4, 20), date(2024, 4, 20), (Hold("here"),))
    assert words.overdue_note(free) == "uscita il 20 apr 2019 · termine il 20 apr 2024"
    assert words.overdue_state(free).tone == "primary"
    assert words.overdue_note(held).endswith("è ancora qui, o la sua uscita è nel futuro")
    assert words.overdue_state(held).word == "Trattenuta"
    today = date(2026, 6, 15)
    said = [
        words.project_words(ProjectHold(ProjectId(1), "Bando", None, until), today)
        for until in (None, date(2026, 6, 15), date(2027, 1, 1))
    ]
    assert said == [
        "ancora aperta: trattiene i dati",
        "chiusa dal 15 giu 2026: non trattiene più",
        "trattiene i dati fino al 1 gen 2027",
    ]
    made = Certificate(ErasureId(1), "7KQ2-93FD-M", ANONYMISE, "TERM", NOW, "S. Bianchi", Erased(), 0)
    assert words.certificate_note(made) == "anonimizzazione · fine del termine · 15 giu 2026, 22:00 · S. Bianchi"
    assert words.copy_words(OldCopy("copia", Path("/x"), NOW)) == "copia del 15 giu 2026, 22:00"
    assert words.lead(plan()) == "Scheda 4K7T-9 · uscita il 20 apr 2019 · termine il 20 apr 2024"
