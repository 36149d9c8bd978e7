"""One guest with a planted word in every sealed place, for the tests that look for it, break it or open it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlcipher3.dbapi2 as driver

from app.models.schema import metadata
from app.models.sealed import is_sealed
from app.reference.ids import DocumentId, GuestId, HouseId, StayId
from app.services.coverage import CoverageDraft
from app.services.deadline import DeadlineDraft
from app.services.document import PDF, DocumentDraft
from app.services.exit import ExitDraft
from app.services.guest import GuestDraft
from app.services.inclusion import GoalDraft, StepDraft, StepEnd
from app.services.intake import IntakeDraft
from app.services.operator import OperatorDraft
from app.services.protection import ExploitationForms, PermitDraft, SafetyDraft
from app.services.referral import ReferralDraft, Visit
from app.services.register import Register
from app.services.stay import StayDraft, StayEnd
from tests.conftest import NOW, PASSPHRASE

HOUSE, TODAY = HouseId(1), NOW.date()
CANARY = "Zoraide-CANARINO"
HERS = {
    "TURNO": "la frase di chi fa i turni",
    "SALUTE": "la frase di chi cura",
    "EDUCATRICE": "la frase di chi segue i percorsi",
}
SEALED = {
    f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.c if is_sealed(column.type)
}


@dataclass(frozen=True)
class Story:
    """One guest with a word in every sealed place, and one whose entry was annulled."""

    guest: GuestId
    stay: StayId
    left: StayId
    document: DocumentId


def say(place: str) -> str:
    """Return what is planted there."""
    return f"{CANARY} {place}"


def tell(register: Register) -> Story:
    """Write something into every sealed column, as who coordinates."""
    guest = GuestDraft("Rina")
    entry = IntakeDraft(
        StayDraft(HOUSE, date(2026, 5, 1)), guest=guest, needs=("VESTITI", "FARMACI"), coverage="SSN",
        victim_status="PRESUNTA",
    )  # fmt: skip
    admitted = register.intakes.admit(entry)
    rina = admitted.guest
    register.protections.add_permit(PermitDraft(rina, "C18", date(2026, 5, 2), date(2027, 5, 2), say("permesso")))
    register.protections.set_exploitation(rina, ExploitationForms(("SES", "LAV"), "SES"))
    register.protections.set_safety(rina, SafetyDraft("ALTO", True, say("evita"), say("mai"), say("fidata")))
    register.deadlines.add(DeadlineDraft(rina, date(2026, 6, 20), say("udienza")))
    register.coverages.add(rina, CoverageDraft("STP", date(2026, 5, 3), None, "STP1234567890123"))
    register.referrals.request(
        ReferralDraft(rina, "IVG", date(2026, 5, 4), reason=say("motivo"), at=NOW.replace(day=20), place=say("dove"))
    )
    done = register.referrals.request(ReferralDraft(rina, "SRD", date(2026, 5, 5), reason=say("altro")))
    register.referrals.close(done, "SVOLTO", date(2026, 5, 9), say("esito"), Visit("M. Ferri", 60))
    document = register.documents.add(
        DocumentDraft(rina, "REFERTO", PDF, b"%PDF " + CANARY.encode(), title=say("titolo"))
    )
    paths = register.inclusions
    goal = paths.goals.add(rina, GoalDraft("PSIC", say("vuole"), date(2026, 5, 6)))
    step = StepDraft("PSIC_ETN", date(2026, 5, 6), say("etnopsichiatria"), say("con chi"), goal)
    paths.steps.start(rina, step, StepEnd("CONCLUSO", date(2026, 5, 20), say("come è andata")))
    paths.goals.add(rina, GoalDraft("LEGA", say("denunciare"), date(2026, 5, 6)))
    paths.steps.start(rina, StepDraft("LEGA_DEN", date(2026, 5, 7), say("denuncia"), say("avvocata")))
    zoe, left = register.stays.admit(GuestDraft("Zoe"), StayDraft(HOUSE, date(2026, 5, 1)))
    register.referrals.request(ReferralDraft(zoe, "PSI", date(2026, 5, 4), reason=say("di chi uscì")))
    register.exits.end(ExitDraft(left, StayEnd(date(2026, 6, 1), "ALL", "NON_NOTA", say("perché"))))
    return Story(rina, admitted.stay, left, document)


@contextmanager
def as_role(register: Register, role: str) -> Iterator[None]:
    """Let somebody of that role be at the desk, with her own passphrase and her own keys."""
    if role not in {row.role for row in register.operators.list_rows()}:
        register.operators.add(OperatorDraft(role.title(), role), HERS[role])
    register.access.lock()
    register.access.unlock(HERS[role])
    yield
    register.access.lock()
    register.access.unlock(PASSPHRASE)


def raw(register: Register, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Run a statement as another program with the store's key would."""
    link = driver.connect(str(register.desk.vault.store_path), isolation_level=None)
    link.execute(f"PRAGMA key = \"x'{register.desk.vault.raw_key()}'\"")
    try:
        return [tuple(row) for row in link.execute(statement, values)]
    finally:
        link.close()


_DAMAGES: dict[str, object] = {
    "a bit": None,
    "cut short": b"\x00\x01abc",
    "empty": b"",
    "clear text": "IVG",
    "a number": 7_000_000_000_000,
    "of a generation to come": b"\x00\x09" + bytes(120),
}
DAMAGES = tuple(_DAMAGES)


def damage_all(register: Register, how: str) -> None:
    """Break every sealed value of the register in some way."""
    for place in sorted(SEALED):
        table, column = place.split(".")
        rows = raw(register, f"SELECT rowid, {column} FROM {table} WHERE {column} IS NOT NULL")  # noqa: S608
        for number, value in rows:
            broken = value[:-1] + bytes([value[-1] ^ 1]) if how == "a bit" else _DAMAGES[how]
            raw(register, f"UPDATE {table} SET {column} = ? WHERE rowid = ?", broken, number)  # noqa: S608
