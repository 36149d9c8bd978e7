"""Sheet A of the intake, blank or filled, in Italian beside a second language.

The guest's copy leaves out the reserved part: who sent her, her standing, what concerns her safety. No copy names
the house.
"""

from __future__ import annotations

from app.prints.document import Document, Head, Texts, Words
from app.prints.font import printable
from app.prints.form_text import FormLanguage, FormText, form_languages
from app.prints.intake_section import IntakeSections
from app.prints.intake_sheet import IntakeSheet

FORM = "intake"


def intake_languages() -> list[FormLanguage]:
    """Return the second languages in which Sheet A can be printed, drafts marked."""
    return form_languages(FORM)


def intake_form(
    sheet: IntakeSheet | None,
    *,
    second_language: str,
    ente: str,
    project: str = "",
    internal: bool = False,
    copy_number: int | None = None,
    delivered_to: str = "",
) -> bytes:
    """Return the PDF of Sheet A: filled, or blank when `sheet` is None.

    `ente` is the legal name of the organisation; `internal` adds the reserved part. Raises FileNotFoundError for a
    second language without a text, UnknownCode for a choice that the form does not offer.
    """
    from app.prints.setter import set_document

    return set_document(
        intake_document(
            sheet,
            second_language=second_language,
            ente=ente,
            project=project,
            internal=internal,
            copy_number=copy_number,
            delivered_to=delivered_to,
        )
    )


def intake_document(
    sheet: IntakeSheet | None,
    *,
    second_language: str,
    ente: str,
    project: str = "",
    internal: bool = False,
    copy_number: int | None = None,
    delivered_to: str = "",
) -> Document:
    """Return Sheet A as a form that is not yet laid out."""
    text = FormText(FORM, second_language)
    sections = IntakeSections(text, sheet or IntakeSheet(code="", used_name=""), blank=sheet is None)
    subject = f"{text.say('label.code').it} ______________"
    if sheet is not None:
        subject = " · ".join(filter(None, (sheet.code, printable(sheet.used_name))))
    head = Head(
        issuer=ente,
        project=project,
        words=text.say("heading.title"),
        form=text.say("mark.form", code=text.code, version=text.version),
        subject=subject,
        destination=Words(text.say("mark.internal").it) if internal else text.say("mark.guest"),
        draft=text.say("mark.draft") if text.is_draft else None,
        copy_mark=_copy_mark(text, copy_number, delivered_to, internal=internal),
        page=text.say("mark.page"),
    )
    return Document(
        head=head,
        sections=sections.all(internal=internal),
        texts=Texts(text.say("mark.by_hand"), text.say("mark.continued")),
        title=f"{head.words.it} – {head.form.it}",
        blank=sheet is None,
    )


def _copy_mark(text: FormText, number: int | None, delivered_to: str, *, internal: bool) -> Words:
    shown = "____" if number is None else str(number)
    copy = text.say("mark.copy", number=shown)
    if internal:
        return Words(copy.it, f"({copy.other})" if copy.other else "")
    delivered = text.say("mark.delivered")
    to = delivered_to or "______________________"
    return Words(f"{copy.it} · {delivered.it}: {to}", f"({copy.other} · {delivered.other})" if copy.other else "")
