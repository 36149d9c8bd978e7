"""The sections of Sheet A: which field stands where, under which number.

The numbers are the same in every language and on every copy; words come from `resources/forms/intake`.
"""

from __future__ import annotations

from datetime import date

from app.prints.document import (
    NO_WORDS,
    Block,
    Cell,
    Column,
    Field,
    Notice,
    Option,
    Row,
    Section,
    Signature,
    Signatures,
    Statement,
    Table,
    Words,
)
from app.prints.form_text import FormText
from app.prints.intake_sheet import ChildLine, DocumentLine, IntakeSheet, Need, ReservedPart

BLANK_CHILDREN = 4
BLANK_DOCUMENTS = 4
_NEEDS = ("food", "clothes", "hygiene", "medicines", "pain", "pregnancy")


def _date(value: date | None) -> str | None:
    return value.strftime("%d/%m/%Y") if value else None


def _joined(values: tuple[Words, ...]) -> Words | None:
    if not values:
        return None
    other = ", ".join(v.other or v.it for v in values) if any(v.other for v in values) else ""
    return Words(", ".join(v.it for v in values), other)


class IntakeSections:
    """The sections of Sheet A for one sheet and one pair of languages."""

    def __init__(self, text: FormText, sheet: IntakeSheet, *, blank: bool) -> None:
        self._text = text
        self._sheet = sheet
        self._blank = blank

    def all(self, *, internal: bool) -> tuple[Section, ...]:
        """Return the sections in their order; the reserved part last, on a page of its own."""
        parts = [
            Section("", NO_WORDS, self._before()),
            self._section("1", "person", self._person()),
            self._section("2", "household", self._household()),
            self._section("3", "entry", self._entry()),
            self._section("4", "needs", self._needs()),
            self._section("5", "documents", self._documents()),
            self._section("6", "contact", self._contact()),
            self._section("7", "health", self._health()),
            self._section("8", "belongings", self._belongings()),
            self._section("9", "information", self._information()),
            self._section("10", "signatures", self._signatures()),
        ]
        if internal:
            reserved = self._reserved(self._sheet.reserved or ReservedPart())
            parts.append(Section("R", self._text.say("heading.reserved"), reserved, new_page=True))
        return tuple(parts)

    def _section(self, number: str, name: str, blocks: tuple[Block, ...]) -> Section:
        return Section(number, self._text.say(f"heading.{name}"), blocks)

    def _field(
        self,
        number: str,
        label: str,
        value: str | Words | None = None,
        *,
        span: int = 1,
        lines: int = 1,
        options: tuple[Option, ...] = (),
        strong: bool = False,
    ) -> Field:
        words = self._text.say(f"label.{label}")
        return Field(number, words, value or None, options, span=span, lines=lines, strong=strong)

    def _boxes(self, number: str, label: str, choice: str, ticked: str | None, *, span: int = 1) -> Field:
        options = self._text.options(choice, ticked)
        return self._field(number, label, span=span, lines=0, options=options)

    def _before(self) -> tuple[Block, ...]:
        names = ("no_duty", "purpose", "rights")
        return tuple(
            Statement(letter, self._text.say(f"statement.{name}")) for letter, name in zip("abc", names, strict=True)
        )

    def _person(self) -> tuple[Block, ...]:
        sheet, text = self._sheet, self._text
        name_source = text.options("name_source", sheet.name_source)
        birth = text.options("birth_quality", sheet.birth_quality)
        return (
            Row(
                (
                    self._field("1.1", "code", sheet.code, span=3, strong=True),
                    self._field("1.2", "used_name", sheet.used_name, span=4, strong=True),
                    self._field("1.3", "declared_name", sheet.declared_name, span=7, options=name_source),
                )
            ),
            Row(
                (
                    self._field("1.4", "birth_date", _date(sheet.birth_date), options=birth),
                    self._boxes("1.5", "gender", "gender", sheet.gender),
                )
            ),
            Row(
                (
                    self._boxes("1.6", "registered_sex", "registered_sex", sheet.registered_sex, span=4),
                    self._field("1.7", "citizenship", _joined(sheet.citizenships), span=5),
                    self._field("1.8", "birth_country", sheet.birth_country, span=5),
                )
            ),
            Row(
                (
                    self._field("1.9", "mother_tongue", sheet.mother_tongue, span=3),
                    self._field("1.10", "bridge_languages", _joined(sheet.bridge_languages), span=4),
                    self._boxes("1.11", "reads", "reads", sheet.reads, span=5),
                    self._field("1.12", "reads_in", _joined(sheet.reads_in), span=3),
                )
            ),
        )

    def _household(self) -> tuple[Block, ...]:
        sheet = self._sheet
        first = Row(
            (
                self._boxes("2.1", "household", "household", sheet.household, span=9),
                self._field("2.2", "household_head", sheet.household_head, span=4),
            )
        )
        if not self._blank and not sheet.children:
            return (first,)
        labels = (("number", 1), ("name", 9), ("birth", 4), ("gender", 3), ("note", 6))
        columns = tuple(Column(self._text.say(f"label.child_{name}"), share) for name, share in labels)
        rows = tuple(self._child(index, child) for index, child in enumerate(sheet.children, start=1))
        blank = BLANK_CHILDREN if self._blank else 0
        return (first, Table(columns, rows, blank_rows=blank))

    def _child(self, index: int, child: ChildLine) -> tuple[Cell, ...]:
        born = child.born if isinstance(child.born, str) else _date(child.born) or ""
        gender = child.gender or NO_WORDS
        return (Cell(str(index)), Cell(child.name), Cell(born), Cell(gender), Cell(child.note))

    def _entry(self) -> tuple[Block, ...]:
        sheet = self._sheet
        hour = sheet.entry_hour.strftime("%H:%M") if sheet.entry_hour else None
        return (
            Row(
                (
                    self._field("3.1", "entry_date", _date(sheet.entry_date), span=3),
                    self._field("3.2", "entry_hour", hour, span=2),
                    self._field("3.3", "phase", sheet.phase, span=5),
                    self._field("3.4", "room_bed", sheet.room_bed, span=3),
                )
            ),
        )

    def _needs(self) -> tuple[Block, ...]:
        sheet = self._sheet
        needs: dict[str, Need | None] = {name: getattr(sheet, name) for name in _NEEDS}
        fields = [self._need(f"4.{index}", name, need) for index, (name, need) in enumerate(needs.items(), start=3)]
        return (
            Row((self._field("4.1", "diet", sheet.diet), self._field("4.2", "allergies", sheet.allergies))),
            Row(tuple(fields[:3])),
            Row(tuple(fields[3:])),
        )

    def _need(self, number: str, label: str, need: Need | None) -> Field:
        ticked = None if need is None else ("yes" if need.is_needed else "no")
        options = self._text.options("yes_no", ticked)
        return self._field(number, label, need.detail if need else None, options=options, lines=0)

    def _documents(self) -> tuple[Block, ...]:
        labels = (("document", 6), ("document_expiry", 3), ("document_custody", 7), ("document_note", 4))
        columns = tuple(Column(self._text.say(f"label.{name}"), share) for name, share in labels)
        rows = tuple(self._document(line) for line in self._sheet.documents)
        blank = BLANK_DOCUMENTS if self._blank else max(0, 1 - len(rows))
        empty = (Cell(), Cell(), Cell(options=self._text.options("custody")), Cell())
        table = Table(columns, rows, blank_rows=blank, blank_row=empty)
        return (Statement("5.1", self._text.say("statement.documents_yours")), table)

    def _document(self, line: DocumentLine) -> tuple[Cell, ...]:
        boxes = self._text.options("custody", line.custody)
        return (Cell(line.kind, strong=True), Cell(_date(line.expiry) or ""), Cell(options=boxes), Cell(line.note))

    def _contact(self) -> tuple[Block, ...]:
        sheet = self._sheet
        return (
            Statement("6.1", self._text.say("statement.contact_free")),
            Row(
                (
                    self._field("6.2", "contact_name", sheet.contact_name),
                    self._field("6.3", "contact_relation", sheet.contact_relation),
                )
            ),
            Row(
                (
                    self._field("6.4", "contact_phone", sheet.contact_phone),
                    self._field("6.5", "contact_way", sheet.contact_way),
                )
            ),
        )

    def _health(self) -> tuple[Block, ...]:
        sheet = self._sheet
        coverage = self._boxes("7.1", "coverage", "coverage", sheet.coverage, span=10)
        return (Row((coverage, self._field("7.2", "coverage_expiry", _date(sheet.coverage_expiry), span=3))),)

    def _belongings(self) -> tuple[Block, ...]:
        sheet = self._sheet
        return (
            Row(
                (
                    self._field("8.1", "belongings", sheet.belongings, span=5),
                    self._field("8.2", "kit", sheet.kit, span=5),
                    self._field("8.3", "keys", sheet.keys, span=3),
                )
            ),
        )

    def _information(self) -> tuple[Block, ...]:
        sheet = self._sheet
        return (
            Row(
                (
                    self._field("9.1", "privacy_notice", sheet.privacy_notice, span=6),
                    self._field("9.2", "consent_number", sheet.consent_number, span=3),
                    self._boxes("9.3", "house_rules", "yes_no", sheet.house_rules, span=4),
                )
            ),
            Row(
                (
                    self._field("9.4", "read_by", sheet.read_by, span=4),
                    self._field("9.5", "read_in", sheet.read_in, span=3),
                    self._boxes("9.6", "interpreter", "interpreter", sheet.interpreter, span=6),
                )
            ),
        )

    def _signatures(self) -> tuple[Block, ...]:
        sheet, text = self._sheet, self._text
        places = (
            Signature(text.say("label.guest_signature"), sheet.guest_signs_as),
            Signature(text.say("label.operator_signature"), sheet.operator_signs_as),
            Signature(text.say("label.interpreter_signature"), sheet.interpreter_signs_as),
        )
        return (
            Statement("10.1", text.say("statement.signed")),
            Signatures(places, text.say("label.signature_date")),
        )

    def _reserved(self, part: ReservedPart) -> tuple[Block, ...]:
        field, boxes = self._field, self._boxes
        lines = 3
        return (
            Notice(self._text.say("mark.reserved")),
            Row(
                (
                    field("R.1", "referral_source", part.referral_source, span=5),
                    field("R.2", "referral_person", part.referral_person, span=4),
                    field("R.3", "referral_phone", part.referral_phone, span=4),
                )
            ),
            Row(
                (
                    field("R.4", "house_code", part.house_code, span=3),
                    boxes("R.5", "status", "status", part.status, span=6),
                    field("R.6", "status_date", _date(part.status_date), span=3),
                )
            ),
            Row(
                (
                    boxes("R.7", "risk", "risk", part.risk),
                    boxes("R.8", "phone_location", "checked", part.phone_location_off),
                )
            ),
            Row((field("R.9", "social", part.social, lines=2),)),
            Row((field("R.10", "avoid", part.avoid, lines=lines),)),
            Row((field("R.11", "never_contact", part.never_contact, lines=lines),)),
            Row((field("R.12", "reserved_signature", part.filled_by),)),
        )
