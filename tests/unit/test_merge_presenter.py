"""What joining two records is said to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from app.models.schema import metadata
from app.reference.ids import GuestId, MergeId
from app.reference.texts import tr, tr_n, use_language
from app.services import alike, joining
from app.services.likeness import Likeness
from app.services.merge import MergeLine, MergePreview, MergeSide
from app.services.search import Found, Hit
from app.ui.presenters import merge as words

RINA = MergeSide(
    GuestId(1), "4K7T-9", "Rina", None, "IGNOTA", "F", ("BGD",), ("bn",), (), (("Casa Uno", date(2026, 5, 1), None),)
)
REENA = replace(
    RINA,
    id=GuestId(2),
    code="3BBB-2",
    name_used="Reena",
    birth_date=date(2002, 1, 1),
    birth_quality="ANNO",
    household=("Figlio",),
    stays=(("Casa Due", date(2026, 1, 10), date(2026, 2, 20)),),
)
PREVIEW = MergePreview(
    RINA,
    REENA,
    moved=(("stay", 1), ("diary_entry", 3)),
    filled=("guest.birth_date", "guest.birth_quality", "guest.merged_into_id", "guest.given_name", "guest.family_name"),
    differing=("name_used", "declared_name"),
    left=(("italian_level", 1),),
)


def test_both_records_stand_side_by_side_and_what_differs_is_marked() -> None:
    rows = {row.label: row for row in words.compare_rows(PREVIEW)}
    assert rows["Nome d’uso"].differs
    assert not rows["Nascita"].differs  # one of them says nothing
    assert not rows["Codice"].differs
    assert rows["Nascita"].merged == "2002 (solo l’anno)"
    assert rows["Soggiorni"].kept == "Casa Uno, dal 1 mag 2026"
    assert rows["Soggiorni"].merged == "Casa Due, 10 gen 2026 – 20 feb 2026"


def test_what_will_happen_is_said_in_sentences() -> None:
    said = words.deeds(PREVIEW)
    assert said[0] == "Passano a 4K7T-9: 1 soggiorno, 3 note di diario."
    assert said[1] == "Si completano, perché lì mancano: nascita, nome dichiarato."
    assert "Controlla che sia davvero la stessa persona" in said[2]
    assert said[3].endswith(": nome d’uso.")
    assert "1 livello di italiano" in said[4]
    assert said[-1].startswith("3BBB-2 non compare più")


def test_every_table_and_field_that_may_be_told_has_its_words() -> None:
    guest = [f"guest.{name}" for name in (*joining.FILLED, *joining.RULED)]
    safety = [f"safety.{column.name}" for column in metadata.tables["safety"].columns]
    for language in ("it", "en"):
        use_language(language)
        for table in (*joining.ROWS, *joining.FACTS):
            assert tr_n(f"merge.rows_{table.name}", 2)
        for name in (*guest, *safety):
            assert words.deeds(replace(PREVIEW, filled=(name,)))


def test_a_joining_is_told_with_who_and_when() -> None:
    at = datetime(2026, 6, 15, 20, 0, tzinfo=UTC)
    line = MergeLine(MergeId(1), "3BBB-2", "Reena", at, "S. Bianchi", (("stay", 2),))
    title, note = words.line_words(line)
    assert title == "Reena · 3BBB-2"
    assert note == "unita il 15 giu 2026, 22:00 da S. Bianchi · 2 soggiorni"
    assert " da " not in words.line_words(replace(line, merged_by=""))[1]


def test_she_is_not_among_those_she_may_be_joined_with() -> None:
    found = Found((Hit("guest", 1, GuestId(1), "4K7T-9", "Rina"), Hit("guest", 2, GuestId(2), "3BBB-2", "Reena")))
    assert [line.title for line in words.candidates(found, GuestId(1))] == ["Reena"]


def test_those_alike_are_told_with_the_reason() -> None:
    told = Likeness(GuestId(2), "3BBB-2", "Reena", False, "Casa Uno", date(2026, 2, 20), (alike.NAME_ALIKE,))
    first, second = words.suggestions([told, told])
    assert (first.heading, second.heading) == (tr("merge.suggested"), "")
    assert first.note == "Nome simile"
