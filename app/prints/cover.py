"""The page that goes with a sealed file on a stick or in a mail: what it is, for whom, and how the answer comes back.

It names no house, no month and nobody; whoever finds it learns as little as from the file.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.prints.document import NO_WORDS, Document, Field, Notice, Row, Section, Statement
from app.prints.print_text import PrintText

ISSUER = "Approdo"
SHOWN = 16
"""How many signs of the hash are printed: 64 bits, enough to tell two files apart by eye."""

_TO_OPEN = ("open", "compare", "answer", "twice")
_TO_BRING = ("carry", "back", "lost")


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands on the page; `kind` is report, enrolment, key or leave."""

    kind: str
    file_name: str
    sha256: str
    capofila_name: str
    key_fingerprint: str

    @property
    def short_hash(self) -> str:
        """The first signs of the file's hash, in groups of four."""
        shown = self.sha256[:SHOWN].upper()
        return " ".join(shown[at : at + 4] for at in range(0, SHOWN, 4))


def cover_pdf(cover: Cover, *, english: bool = True) -> bytes:
    """Return the PDF of the page, in Italian, with English beside it unless nobody needs it."""
    from app.prints.setter import set_document

    text = PrintText(english=english)
    say = text.say
    head = text.head(ISSUER, "cover")
    sections = (
        Section("", NO_WORDS, (Notice(say("cover_calm")),)),
        Section("", say("cover_file"), _facts(cover, text)),
        Section("", say("cover_receives"), _steps(text, _TO_OPEN)),
        Section("", say("cover_brings"), _steps(text, _TO_BRING)),
        Section("", say("cover_notes"), (Row((Field("", say("cover_given")), Field("", say("cover_returned")))),)),
    )
    return set_document(Document(head, sections, text.texts(), title=head.words.it, blank=True))


def _facts(cover: Cover, text: PrintText) -> tuple[Row, ...]:
    say = text.say
    return (
        Row(
            (
                Field("", say("cover_for"), cover.capofila_name, span=3, strong=True),
                Field("", say("cover_name"), cover.file_name, span=2, strong=True),
            )
        ),
        Row((Field("", say("cover_what"), say(f"cover_kind_{cover.kind}"), strong=True),)),
        Row(
            (
                Field("", say("cover_hash"), cover.short_hash, span=2, strong=True),
                Field("", say("cover_key"), cover.key_fingerprint, span=3),
            )
        ),
    )


def _steps(text: PrintText, names: tuple[str, ...]) -> tuple[Statement, ...]:
    return tuple(Statement(str(n), text.say(f"cover_{name}"), size=9.2) for n, name in enumerate(names, start=1))
