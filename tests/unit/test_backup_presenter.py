"""What is said of copies: how old, how large, how far, and when somebody must do something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.reference.texts import use_language
from app.services.backup import CopyRow, Look, Place, Progress, Reminder
from app.services.calendar import Month
from app.services.restore import Doubt, Pause
from app.ui.presenters import backup

NOW = datetime(2026, 6, 15, 20, 0, tzinfo=UTC)
ROW = CopyRow(Path("copia-1"), NOW, 12_345_678, "65EEA87B")


def reminder(days: int | None, *, has_place: bool = True) -> Reminder:
    return Reminder(has_place, None if days is None else NOW - timedelta(days=days), days)


@pytest.mark.parametrize(
    ("days", "tone", "said"),
    [
        (0, "green", "Ultima copia: oggi"),
        (1, "green", "Ultima copia: ieri"),
        (2, "green", "Ultima copia: 2 giorni fa"),
        (3, "amber", "Ultima copia: 3 giorni fa"),
        (12, "amber", "Ultima copia: 12 giorni fa"),
        (14, "red", "Ultima copia: 14 giorni fa"),
        (None, "amber", "Nessuna copia ancora"),
    ],
)
def test_the_age_of_the_last_copy_is_said_and_gets_graver(days: int | None, tone: str, said: str) -> None:
    shown = backup.state(reminder(days))
    assert (shown.tone, shown.word) == (tone, said)


def test_oggi_is_quiet_while_all_is_well_and_where_nobody_watches_over_copies() -> None:
    assert backup.alerts(None, None) == []
    assert backup.alerts(reminder(2), None) == []


def test_oggi_says_when_a_copy_is_late_missing_or_sending_waits() -> None:
    late, paused = backup.alerts(reminder(12), None), backup.alerts(reminder(0), Pause(NOW, NOW, ()))
    never = backup.alerts(reminder(None, has_place=False), None)
    assert [(alert.note, alert.page, alert.value) for alert in late] == [
        ("Ultima copia: 12 giorni fa", "settings", backup.COPIES)
    ]
    assert [(alert.title, alert.page) for alert in paused] == [("Invii in pausa dopo il ripristino", "outbox")]
    assert [alert.title for alert in never] == ["Nessuna copia di sicurezza"]


@pytest.mark.parametrize(
    ("size", "said"), [(1, "0,1 MB"), (561_152, "0,6 MB"), (12_345_678, "12,4 MB"), (1_250_000_000, "1,2 GB")]
)
def test_sizes_are_said_as_people_read_them(size: int, said: str) -> None:
    assert backup.size(size).replace("\u00a0", " ") == said
    use_language("en")
    assert backup.size(size).replace("\u00a0", " ") == said.replace(",", ".")


@pytest.mark.parametrize(
    ("row", "trial", "tone"),
    [
        (ROW, None, "grey"),
        (ROW, "sound", "green"),
        (ROW, "other_key", "grey"),
        (CopyRow(Path("a"), NOW, 1, "X", "incomplete"), None, "red"),
        (CopyRow(Path("a"), None, 0, "", "unreadable"), None, "red"),
        (CopyRow(Path("a"), None, 0, "", "too_new"), None, "grey"),
        (CopyRow(Path("a"), NOW, 1, "X", is_ours=False), None, "grey"),
    ],
)
def test_a_copy_is_green_only_after_a_trial(row: CopyRow, trial: object, tone: str) -> None:
    assert backup.copy_state(row, trial).tone == tone  # type: ignore[arg-type]
    assert backup.copy_state(row, trial, is_damaged=True).tone == "red"  # type: ignore[arg-type]


def test_the_folder_says_when_it_is_out_or_on_the_registers_own_disk() -> None:
    place = Place(Path("stick"))
    assert "Scegli una cartella" in backup.place_line(None, None)
    assert "non è inserita" in backup.place_line(place, None)
    assert "sul disco del registro" in backup.place_line(place, Look((ROW,), False, NOW, False, 10))
    said = backup.place_line(place, Look((ROW,), False, NOW, True, 5_000_000))
    assert said.replace("\u00a0", " ") == "1 copia intera; spazio libero 5,0 MB."


def test_progress_has_a_share_only_where_somebody_can_know() -> None:
    assert backup.share(None) is None
    assert backup.share(Progress("check")) is None
    assert backup.share(Progress("write", 3, 4)) == 75
    assert backup.going(Progress("read")) == "Rileggo ciò che è scritto…"
    assert backup.copy_name(CopyRow(Path("copia-x"), None, 0, "")) == "copia-x"


def test_the_pause_names_the_last_doubtful_months() -> None:
    doubts = tuple(Doubt("Casa", Month(2026, n)) for n in range(1, 6))
    said = backup.pause_text(Pause(NOW, NOW, doubts))
    assert "febbraio 2026 (Casa), marzo 2026 (Casa), aprile 2026 (Casa), maggio 2026 (Casa)" in said
    assert "gennaio" not in said
    assert backup.last_line(reminder(None)) == ""
    assert backup.last_line(reminder(0)) == "Fatta e verificata il 15 giu 2026, 22:00."
