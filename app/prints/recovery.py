"""The recovery sheet: one page with the printed recovery code, what it can do, and where it belongs.

It names neither guests nor house, and nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.prints.document import NO_WORDS, Code, Document, Field, Row, Section, Statement
from app.prints.print_text import PrintText, short_date

_ABOUT = ("what", "power", "keep", "never", "lost", "both")
_BY_HAND = (("place", "person"), ("sealed", "checked"))
ISSUER = "Approdo"


def recovery_sheet(code_groups: Sequence[str], *, made_on: date, vault_label: str) -> bytes:
    """Return the PDF of the recovery sheet, in Italian and English.

    `vault_label` tells archives apart and must not name the house.
    """
    from app.prints.setter import set_document

    text = PrintText()
    code = Code(tuple(code_groups), text.say("recovery_code"), text.say("recovery_scan"), text.say("recovery_order"))
    about = tuple(
        Statement(str(number), text.say(f"recovery_{name}"), size=9.4) for number, name in enumerate(_ABOUT, start=1)
    )
    facts = Row(
        (
            Field("", text.say("recovery_label"), vault_label, span=2, strong=True),
            Field("", text.say("recovery_made_on"), short_date(made_on), strong=True),
        )
    )
    by_hand = tuple(
        Row(tuple(Field("", text.say(f"recovery_{name}"), lines=2 if name == "place" else 1) for name in names))
        for names in _BY_HAND
    )
    sections = (
        Section("", NO_WORDS, (code,)),
        Section("", NO_WORDS, (facts,)),
        Section("", text.say("recovery_about"), about),
        Section("", text.say("recovery_notes"), by_hand),
    )
    head = text.head(ISSUER, "recovery")
    return set_document(Document(head, sections, text.texts(), title=head.words.it, blank=True))
