"""What the tests of the prints share: sheets filled to the brim, and readers of PDF text."""

from __future__ import annotations

from datetime import date, datetime, time

from app.prints.document import Words
from app.prints.intake_sheet import ChildLine, DocumentLine, IntakeSheet, Need, ReservedPart
from app.prints.month_report import MonthReportSheet, ProtectedLine, ReportLine
from app.prints.presence import PresenceLine, PresenceSheet

ENTE = "Fondazione Approdi Esempio – ente del Terzo settore (ETS), Impresa sociale"
CODE_GROUPS = ["0W40W", "J2GB1", "1G6GI", "W3RGL", "24919", "650N1", "2RBH5", "G68T3"]


def full_sheet(**changes: object) -> IntakeSheet:
    """Return a sheet with every field filled, long names and twelve children."""
    values: dict[str, object] = {
        "code": "4K7T-9",
        "used_name": "Blessing Osarumwense",
        "declared_name": "OSARUMWENSE-EHIGIATOR Blessing Oghenekaro Maria Immaculata",
        "name_source": "spoken",
        "birth_date": date(1999, 5, 3),
        "birth_quality": "APPROSS",
        "gender": "F",
        "registered_sex": "F",
        "citizenships": (Words("Nigeria", "Nigeria"), Words("Costa d'Avorio", "Côte d'Ivoire")),
        "birth_country": Words("Nigeria", "Nigeria"),
        "mother_tongue": Words("edo (bini)", "Edo (Bini)"),
        "bridge_languages": (Words("inglese", "English"), Words("pidgin nigeriano", "Nigerian Pidgin")),
        "reads": "some",
        "reads_in": (Words("inglese", "English"),),
        "household": "children",
        "household_head": "4K7T-9",
        "children": tuple(
            ChildLine(f"Figlia{n} Ọmọ-Ẹfẹ́", date(2010 + n, 1, 3) if n % 2 else "circa 3 anni", Words("F"), "a scuola")
            for n in range(1, 13)
        ),
        "entry_date": date(2026, 11, 22),
        "entry_hour": time(22, 40),
        "phase": Words("Pronta accoglienza / fuga", "Emergency shelter"),
        "room_bed": "2 · letto B",
        "diet": Words("Halal, senza maiale", "Halal, no pork"),
        "allergies": "Arachidi, penicillina",
        "food": Need(),
        "clothes": Need(detail="taglia 42, scarpe 39"),
        "hygiene": Need(),
        "medicines": Need(detail="salbutamolo"),
        "pain": Need(is_needed=False),
        "pregnancy": Need(detail="22 settimane"),
        "documents": (
            DocumentLine(Words("Passaporto", "Passport"), date(2028, 3, 1), "person"),
            DocumentLine(Words("Attestazione nominativa", "Name certificate"), None, "office", "coordinatrice"),
        ),
        "contact_name": "Zia Osato",
        "contact_relation": "zia materna; edo e inglese",
        "contact_phone": "+39 000 000 0000",
        "contact_way": "solo messaggi, dopo le 20",
        "coverage": "STP",
        "coverage_expiry": date(2027, 5, 22),
        "belongings": "valigia blu, telefono",
        "kit": "letto, igiene, vestiti",
        "keys": "armadietto 7",
        "privacy_notice": Words("inglese, v. 2.1", "English, v. 2.1"),
        "consent_number": "2026/114",
        "house_rules": "yes",
        "read_by": "S. Bianchi",
        "read_in": Words("inglese", "English"),
        "interpreter": "phone",
        "guest_signs_as": "4K7T-9 · Blessing",
        "operator_signs_as": "S. Bianchi",
        "interpreter_signs_as": "mediatrice n. 4",
        "reserved": ReservedPart(
            referral_source=Words("Numero Verde", "Helpline"),
            referral_person="dott.ssa Verdi",
            referral_phone="+39 000 111",
            house_code="C-07",
            status="PRESUNTA",
            status_date=date(2026, 11, 22),
            risk="high",
            phone_location_off="yes",
            social="profilo con la foto della stazione",
            avoid="zona della stazione",
            never_contact="il numero che finisce con 88",
            filled_by="SB",
        ),
    }
    return IntakeSheet(**(values | changes))  # type: ignore[arg-type]  # a test names the fields it changes


def report_sheet(**changes: object) -> MonthReportSheet:
    """Return a month's report with a number, a large one, a protected figure and one not recorded."""
    totals = Words("Totali del mese", "Totals of the month")
    defined = Words("Le notti registrate come P.", "The nights recorded as P.")
    values: dict[str, object] = {
        "ente": ENTE,
        "house_name": "Struttura 07",
        "year": 2026,
        "month": 6,
        "revision": 2,
        "threshold": 5,
        "lines": (
            ReportLine(Words("Posti disponibili", "Places available"), defined, 0, group=totals),
            ReportLine(Words("Notti di accoglienza", "Nights of shelter"), defined, 12341, group=totals),
            ReportLine(Words("Pasti erogati", "Meals served"), defined, None, group=totals),
            ReportLine(Words("Invii sanitari", "Health referrals"), defined, None, is_protected=True, group=totals),
        ),
        "protected": (
            ProtectedLine(
                Words("Invii sanitari", "Health referrals"),
                Words("riguardano meno di 5 persone", "concern fewer than 5 persons"),
                Words("solo il totale di rete", "only the network's total"),
            ),
        ),
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "size": 4096,
        "recipient": "Comune capofila · Derive e Approdi",
        "recipient_fingerprint": "7F2A 91C4 0B11 D2E3 55A0 8C1F 9D00 42BE",
        "state": "accepted",
        "made_on": date(2026, 7, 2),
        "state_at": datetime(2026, 7, 2, 21, 14),  # noqa: DTZ001 - local time, as it is printed
        "receipt": "R-2026-000123",
    }
    return MonthReportSheet(**(values | changes))  # type: ignore[arg-type]  # a test names the fields it changes


def register_sheet(guests: int = 40, **changes: object) -> PresenceSheet:
    """Return a register of October 2026: the first guest present all month, the others with gaps."""
    lines = tuple(
        PresenceLine(
            f"{n:04d}-K",
            "B.O.",
            f"{n}/A",
            tuple("P" if n == 1 else "-" if day < n % 5 else "PAOGLN "[(n + day) % 7].strip() for day in range(31)),
        )
        for n in range(1, guests + 1)
    )
    values: dict[str, object] = {
        "ente": ENTE,
        "house_code": "C-07",
        "year": 2026,
        "month": 10,
        "capacity": 42,
        "lines": lines,
    }
    return PresenceSheet(**(values | changes))  # type: ignore[arg-type]  # a test names the fields it changes


def pdf_text(pdf: bytes) -> str:
    """Return the text of all pages, white space made single."""
    return " ".join(" ".join(page_texts(pdf)).split())


def page_texts(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]
