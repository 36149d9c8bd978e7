"""What is printed, as bytes in memory: it gathers the register's data and hands plain sheets to `app.prints`.

No file is written here; every print of a guest is noted in the trail.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import NoStayToPrint
from app.models.guest import Guest, is_minor_on
from app.models.house import House, Project
from app.models.night import HOUSE_ZONE, Month
from app.models.stay import Stay, StayProject
from app.prints.document import Words
from app.prints.form_text import coded
from app.prints.intake import intake_form, intake_languages
from app.prints.intake_sheet import ChildLine, IntakeSheet, ReservedPart
from app.prints.kitchen import KitchenLine, KitchenSheet, kitchen_sheet
from app.prints.month_report import (
    MonthReportSheet,
    ProtectedLine,
    ReportLine,
    ReportState,
    month_report_pdf,
    month_report_xlsx,
)
from app.prints.presence import PresenceLine, PresenceSheet, presence_register
from app.prints.presence_night import NightPaper, NightRow, night_sheet
from app.prints.print_text import PrintText
from app.prints.sharing import sharing_form, sharing_languages
from app.reference.codelist import codelist
from app.reference.figure import figure
from app.reference.ids import GuestId, HouseId
from app.services.desk import Desk
from app.services.guest import GuestCard, Guests
from app.services.kept_guest import kept_guest
from app.services.meal import MealSheet
from app.services.outbox import Outbox, ReportPreview
from app.services.presence import OUTSIDE, Presences
from app.services.report_tables import hidden_tables, shown_tables
from app.services.setting import read_settings
from app.services.sharing import sharing_sheet
from app.sync.payload import SIZE, FigureCell, NotRecorded, Shown, Suppressed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.recovery import PrintedCard


class Prints:
    """The papers of a register."""

    def __init__(self, desk: Desk, guests: Guests, presences: Presences, outbox: Outbox) -> None:
        self._desk = desk
        self._guests = guests
        self._presences = presences
        self._outbox = outbox
        self._text = PrintText()

    def languages(self) -> list[tuple[str, str]]:
        """Return the languages in which the intake form can stand beside Italian: code and own name."""
        return [(language.code, language.name) for language in intake_languages()]

    def intake_form(self, guest: GuestId | None, *, second_language: str, internal: bool = False) -> bytes:
        """Return Sheet A of a guest, or blank for None, beside a second language; raises NotFound or NoStayToPrint."""
        if guest is None:
            with self._desk.vault.work() as session:
                ente = read_settings(session).ente
            return intake_form(None, second_language=second_language, ente=ente, internal=internal)
        card = self._guests.card(guest)
        if not card.stays:
            raise NoStayToPrint
        guest = card.id  # that of the kept record, where hers was joined into another
        name = self._guests.reveal(guest)
        with self._desk.vault.work() as session:
            ente = read_settings(session).ente
            stay, house, project = _latest_stay(session, guest)
            children = _children(session, guest, stay.entered_on, second_language)
            sheet = IntakeSheet(
                code=card.code,
                used_name=card.name_used,
                declared_name=" ".join(filter(None, (name.given_name, name.family_name))),
                birth_date=card.birth_date,
                birth_quality=card.birth_quality,
                gender=card.gender if card.gender != "ND" else None,  # not asked yet is no answer
                citizenships=tuple(coded("country", code, second_language) for code in card.citizenships),
                mother_tongue=_first_language(card, second_language),
                bridge_languages=tuple(coded("language", code, second_language) for code in card.languages[1:]),
                household="children" if children else None,
                children=children,
                entry_date=stay.entered_on,
                entry_hour=stay.entered_at.astimezone(HOUSE_ZONE).time() if stay.entered_at else None,
                phase=coded("phase", stay.phase, second_language),
                room_bed=card.stays[0].bed,
                diet=_joined([coded("diet", code, second_language) for code in card.diets]),
                allergies=card.diet_note or "",
                reserved=_reserved(stay, house) if internal else None,
            )
            self._desk.note(session, "print", "guest", guest)
        return intake_form(sheet, second_language=second_language, ente=ente, project=project, internal=internal)

    def sharing_languages(self) -> list[tuple[str, str]]:
        """Return the languages in which the sheet for who asks "who sees this of me" can stand beside Italian."""
        return [(language.code, language.name) for language in sharing_languages()]

    def sharing_form(self, guest: GuestId | None, *, second_language: str) -> bytes:
        """Return the sheet that says who reads what of a guest, and what leaves; without her code for None.

        Raises NotFound.
        """
        with self._desk.vault.work() as session:
            sheet = sharing_sheet(session, guest, self._desk.today())
            if guest is not None:
                self._desk.note(session, "print", "guest", kept_guest(session, guest).id)
            else:
                self._desk.note(session, "print", "sharing")
        return sharing_form(sheet, second_language=second_language)

    def presence_register(self, house: HouseId, month: Month | None) -> bytes:
        """Return the monthly presence register for signature, or a blank one for None."""
        with self._desk.vault.work() as session:
            found, ente = session.get_one(House, house), read_settings(session).ente
            project = session.get(Project, found.project_id) if found.project_id is not None else None
            capacity, call = found.capacity, project.name if project else ""
            self._desk.note(session, "print", "presences", house)
        if month is None:
            blank = PresenceSheet(ente, f"C{house:02d}", call, capacity=capacity, blank_lines=max(capacity, 10))
            return presence_register(blank)
        grid = self._presences.grid(house, month)
        lines = tuple(PresenceLine(row.code, _initials(row.name_used), row.bed, row.cells) for row in grid.rows)
        sheet = PresenceSheet(ente, f"C{house:02d}", call, month.year, month.number, capacity, lines)
        return presence_register(sheet)

    def night_sheet(self, house: HouseId, first: date, count: int) -> bytes:
        """Return the sheet to write some nights by hand: guests by room under code and initials, nothing recorded."""
        with self._desk.vault.work() as session:
            supply = session.get_one(House, house).meal_supply
            self._desk.note(session, "print", "presences", house)
        sheet = self._presences.nights(house, first, count)
        rows = tuple(
            NightRow(
                line.row.code,
                _initials(line.row.name_used),
                line.room,
                line.row.bed,
                tuple(cell == OUTSIDE for cell in line.row.cells),
            )
            for line in sheet.lines
        )
        meals = codelist("meal_supply").get(supply).values("proposes")
        return night_sheet(NightPaper(sheet.nights, rows, meals, f"C{house:02d}"))

    def kitchen_sheet(self, sheet: MealSheet) -> bytes:
        """Return the kitchen sheet of a day's meals as they are shown: counts by diet, no names; the print is noted."""
        with self._desk.vault.work() as session:
            self._desk.note(session, "print", "house", sheet.house)
        lines = tuple(
            KitchenLine(
                _label("meal_kind", line.kind),
                line.total,
                tuple((_kitchen_word(diet), n) for diet, n in line.diets),
                line.staff,
            )
            for line in sheet.kitchen()
        )
        return kitchen_sheet(KitchenSheet(sheet.day, sheet.confirmed, lines, sheet.avoided()))

    def month_report_pdf(self, house: HouseId, month: Month) -> bytes:
        """Return a closed month's report for the coordinator as PDF; raises MonthNotClosed or NotEnrolled."""
        return month_report_pdf(self._report_sheet(house, month))

    def month_report_xlsx(self, house: HouseId, month: Month) -> bytes:
        """Return the same report as a workbook."""
        return month_report_xlsx(self._report_sheet(house, month))

    def recovery_sheet(self, groups: tuple[str, ...]) -> bytes:
        """Return the sheet with the recovery code; its label tells registers apart and names no house."""
        self._note_paper("recovery")
        return recovery_sheet_of(groups, self._desk)

    def recovery_cards(self, cards: tuple[PrintedCard, ...]) -> bytes:
        """Return the recovery cards, a page each; they name nothing and nobody."""
        self._note_paper("cards")
        return recovery_cards_of(cards)

    def _note_paper(self, what: str) -> None:
        if self._desk.vault.is_open:  # what opens the register can be printed again while it is locked, too
            with self._desk.vault.work() as session:
                self._desk.note(session, "print", what)

    def _report_sheet(self, house: HouseId, month: Month) -> MonthReportSheet:
        preview = self._outbox.preview(house, month)
        row = next((r for r in self._outbox.list_rows(house) if r.id == preview.released), None)
        state: ReportState = "previewed" if row is None else _state(row.state)
        receipt = self._outbox.proof(row.id) if row is not None and state == "accepted" else None
        with self._desk.vault.work() as session:
            ente = read_settings(session).ente
            self._desk.note(session, "print", "report", preview.released)
        return MonthReportSheet(
            ente=ente,
            house_name=preview.shelter_name,
            year=month.year,
            month=month.number,
            revision=preview.revision,
            threshold=preview.threshold,
            lines=(*(_report_line(cell) for cell in preview.cells), *shown_tables(preview.breakdowns)),
            protected=self._protected(preview),
            sha256=preview.sha256,
            size=SIZE,
            recipient=preview.capofila_name,
            recipient_fingerprint=preview.capofila_fingerprint,
            state=state,
            state_at=row.receipt_at.astimezone(HOUSE_ZONE) if row and row.receipt_at else None,
            made_on=self._desk.today(),
            receipt=receipt.jti if receipt is not None else "",
            signing_fingerprint=preview.signing_fingerprint,
            trail=preview.trail,
        )

    def _protected(self, preview: ReportPreview) -> tuple[ProtectedLine, ...]:
        say, n = self._text.say, preview.threshold
        few = (say("protect_few_why", n=n), say("protect_few_leaves", n=n))
        lines = [
            ProtectedLine(_figurecoded(cell.element), *few) for cell in preview.cells if isinstance(cell, Suppressed)
        ]
        lines += hidden_tables(preview.breakdowns)
        for name in ("protect_flows",) if preview.breakdowns else ("protect_flows", "protect_breakdown"):
            why = say(f"{name}_why", n=n) if name == "protect_flows" else say(f"{name}_why")
            lines.append(ProtectedLine(say(name), why, say(f"{name}_leaves")))
        return tuple(lines)


def recovery_sheet_of(groups: tuple[str, ...], desk: Desk) -> bytes:
    """Return the recovery sheet of the register at a desk."""
    from app.prints.recovery import recovery_sheet

    return recovery_sheet(groups, made_on=desk.today(), vault_label=desk.vault.label())


def recovery_cards_of(cards: tuple[PrintedCard, ...]) -> bytes:
    """Return the printed recovery cards."""
    from app.prints.recovery_card import CardSheet, recovery_cards

    return recovery_cards([CardSheet(c.number, len(cards), c.set_label, c.words) for c in cards])


def _report_line(cell: FigureCell) -> ReportLine:
    found = figure(cell.element)
    label, definition = _figurecoded(cell.element), Words(found.definition_it, found.definition_en)
    match cell:
        case Shown(_, value):
            return ReportLine(label, definition, value)
        case Suppressed():
            return ReportLine(label, definition, is_protected=True)
        case NotRecorded():
            return ReportLine(label, definition)


def _figurecoded(element: str) -> Words:
    found = figure(element)
    return Words(found.label_it, found.label_en)


def _state(state: str) -> ReportState:
    match state:
        case "accepted":
            return "accepted"
        case "refused":
            return "refused"
        case _:
            return "prepared"


def _label(name: str, code: str) -> Words:
    entry = codelist(name).get(code)
    return Words(entry.label_it, entry.label_en)


def _kitchen_word(diet: str) -> Words:
    entry = codelist("diet").get(diet)
    return Words(entry.text("kitchen_it"), entry.text("kitchen_en"))


def _joined(labels: list[Words]) -> Words | None:
    if not labels:
        return None
    return Words(", ".join(w.it for w in labels), ", ".join(w.other for w in labels if w.other))


def _first_language(card: GuestCard, second_language: str) -> Words | None:
    return coded("language", card.languages[0], second_language) if card.languages else None


def _latest_stay(session: Session, guest: GuestId) -> tuple[Stay, House, str]:
    """Return the last stay of a guest who has one, with its house and the name of its project."""
    query = select(Stay).where(Stay.guest_id == guest).order_by(Stay.entered_on.desc()).limit(1)
    stay = session.scalars(query).one()
    project = session.scalar(
        select(Project.name)
        .join(StayProject, StayProject.project_id == Project.id)
        .where(StayProject.stay_id == stay.id)
        .order_by(StayProject.from_day.desc())
        .limit(1)
    )
    return stay, session.get_one(House, stay.house_id), project or ""


def _children(session: Session, guest: GuestId, entered_on: date, second_language: str) -> tuple[ChildLine, ...]:
    me = session.get_one(Guest, guest)
    if me.household_id is None or is_minor_on(me.birth_date, entered_on):
        return ()  # on a child's own sheet her brothers and sisters are not her children
    others = select(Guest).where(Guest.household_id == me.household_id, Guest.id != guest).order_by(Guest.birth_date)
    return tuple(
        ChildLine(other.name_used, other.birth_date or "", coded("gender", other.gender, second_language))
        for other in session.scalars(others)
        if is_minor_on(other.birth_date, entered_on)
    )


def _reserved(stay: Stay, house: House) -> ReservedPart:
    source = coded("referral_source", stay.referral_source, "it") if stay.referral_source else None
    return ReservedPart(referral_source=source, house_code=f"C{house.id:02d}")


def _initials(name: str) -> str:
    return ".".join(part[0].upper() for part in name.split()[:3]) + "."
