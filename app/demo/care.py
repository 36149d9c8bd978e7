"""What a shelter does besides beds and meals: papers, permits, coverage, steps of a path, notes, people expected.

It goes through the same services as the window; the story's days are counted in `app.demo.life`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from app.demo.world import TODAY
from app.reference.ids import GuestId, HouseId, StepId
from app.services.arrival import ArrivalDraft
from app.services.bed import ClosureDraft, HoldDraft
from app.services.calendar import HOUSE_ZONE
from app.services.coverage import CoverageDraft
from app.services.diary import DiaryDraft
from app.services.goal import GoalDraft
from app.services.handover import HandoverDraft
from app.services.protection import ExploitationForms, PermitDraft
from app.services.register import Register
from app.services.step import StepDraft, StepEnd

FORMS = ("SES", "SES", "SES", "LAV", "LAV", "ACC")
GOALS = (
    ("LING", "Voglio parlare italiano al telefono senza aiuto"),
    ("LAVO", "Un lavoro in cucina, con il contratto"),
    ("FORM", "Finire la scuola che avevo lasciato"),
    ("CASA", "Una casa mia, anche piccola"),
    ("LEGA", "Avere i documenti e non aver più paura dei controlli"),
)
STEPS = {
    "LING": ("LING_A1", "Corso del CPIA, martedì e giovedì"),
    "LAVO": ("LAVO_TIR", "Tirocinio in una mensa"),
    "FORM": ("FORM_HAC", "Corso HACCP"),
    "CASA": ("CASA_RIC", "Colloquio con l’agenzia per la casa"),
    "LEGA": ("LEGA_R18", "Appuntamento con l’avvocata"),
}
LASTING = {"REC": 45, "C18": 365, "RAS": 180}
SIX_MONTHS = 182
LEVELS = ("PREA1", "A1", "A2", "B1")
NOTES = (
    ("COLLOQUIO", "Colloquio tranquillo: racconta della scuola e ride."),
    ("OSSERVA", "Ha cucinato per tutte."),
    ("EQUIPE", "In équipe: continuiamo con il corso e cerchiamo un tirocinio."),
)
HANDOVERS = (
    "La lavatrice perde: il tecnico passa domattina.",
    "Ha chiamato la mediatrice: viene giovedì alle 15.",
    "Il cancello non si chiude bene, spingere due volte.",
)


@dataclass(slots=True)
class _Path:
    """How far a guest of the story is: her running steps and her level of Italian."""

    steps: list[StepId] = field(default_factory=list)
    level: int = 0
    permit_until: date | None = None
    covered_until: date | None = None


class Care:
    """Cares for the people of the story, day by day, with chances of its own."""

    def __init__(self, register: Register, house: HouseId, seed: int) -> None:
        self._register = register
        self._house = house
        self._chance = random.Random(seed)  # noqa: S311 - a story, not a secret
        self._paths: dict[GuestId, _Path] = {}

    def welcome(self, guest: GuestId, day: date) -> None:
        """Begin a guest's papers on the day of her entry: a receipt or a reflection period, and a goal."""
        permit = self._chance.choice(("REC", "R18", "C18", "RAS", "IRR"))
        until = day + timedelta(days=LASTING[permit]) if permit in LASTING else None
        self._register.protections.add_permit(PermitDraft(guest, permit, day, until))
        form = random.Random(guest).choice(FORMS)  # noqa: S311 - a story; by its own so that the rest stays as it was
        self._register.protections.set_exploitation(guest, ExploitationForms((form,), form))
        area, words = self._chance.choice(GOALS)
        goal = self._register.inclusions.goals.add(guest, GoalDraft(area, words, day))
        kind, what = STEPS[area]
        step = self._register.inclusions.steps.start(guest, StepDraft(kind, day, what, "S. Bianchi", goal))
        covered = day + timedelta(days=SIX_MONTHS)
        self._paths[guest] = _Path([step], self._chance.randrange(2), until, covered)
        self._register.inclusions.levels.assess(guest, LEVELS[self._paths[guest].level], day)

    def live(self, day: date, here: list[GuestId]) -> None:
        """Let a day pass for those who are here: lessons, notes, a step that ends."""
        present = [guest for guest in here if guest in self._paths]
        if not present:
            return
        for guest in present:
            self._renew(guest, day)
            if day.weekday() in (1, 3) and self._paths[guest].steps and self._chance.random() < 0.8:
                self._register.inclusions.lessons.record(self._paths[guest].steps[-1], {day: 120})
        if self._chance.random() < 0.12:
            self._move_on(self._chance.choice(present), day)
        if self._chance.random() < 0.15:
            kind, text = self._chance.choice(NOTES)
            self._register.diaries.write(DiaryDraft(self._chance.choice(present), day, kind, text))
        if self._chance.random() < 0.1:
            self._register.handovers.write(HandoverDraft(self._house, self._chance.choice(HANDOVERS)))

    def _renew(self, guest: GuestId, day: date) -> None:
        """Go to the offices in time: after the reflection period comes the permit, after six months the STP again."""
        path, soon = self._paths[guest], day + timedelta(days=5)
        if path.permit_until is not None and path.permit_until <= soon:
            path.permit_until = day + timedelta(days=LASTING["C18"])
            self._register.protections.add_permit(PermitDraft(guest, "C18", day, path.permit_until))
        if path.covered_until is not None and path.covered_until <= soon:
            path.covered_until = day + timedelta(days=SIX_MONTHS)
            self._register.coverages.add(guest, CoverageDraft("STP", day, path.covered_until))

    def _move_on(self, guest: GuestId, day: date) -> None:
        """End a running step well and begin another, or find that her Italian got better."""
        path = self._paths[guest]
        if path.level + 1 < len(LEVELS) and self._chance.random() < 0.4:
            path.level += 1
            self._register.inclusions.levels.assess(guest, LEVELS[path.level], day)
            return
        if path.steps:
            self._register.inclusions.steps.end(path.steps.pop(), StepEnd("CONCLUSO", day, "Finito, con attestato."))
        kind, what = self._chance.choice(tuple(STEPS.values()))
        due = day + timedelta(days=self._chance.randrange(20, 90))
        draft = StepDraft(kind, day, what, "S. Bianchi", due_on=due)
        path.steps.append(self._register.inclusions.steps.start(guest, draft))

    def look_ahead(self, here: list[GuestId]) -> None:
        """Leave what the last evening shows: somebody expected, a bed out of service, a visit today, a note to read."""
        register, house = self._register, self._house
        free = register.houses.free_beds(house, TODAY)
        expected = ArrivalDraft(house, TODAY + timedelta(days=3), "Ifeoma", 1, "NVE", "Arriva con il treno delle 16.")
        register.beds.plan(expected, bed=free[0].id if free else None)
        if len(free) > 2:
            register.beds.hold(HoldDraft(free[1].id, TODAY, reason="Pronta accoglienza"))
            repaired = TODAY + timedelta(days=10)
            register.beds.close(ClosureDraft(free[2].id, TODAY, "Rete rotta, arriva quella nuova", repaired))
        present = [guest for guest in here if guest in self._paths]
        for guest, hour in zip(present, (11, 15), strict=False):
            at = datetime.combine(TODAY, time(hour, 30), tzinfo=HOUSE_ZONE)
            kind, what = self._chance.choice(tuple(STEPS.values()))
            draft = StepDraft(kind, TODAY, what, "S. Bianchi", appointment_at=at)
            register.inclusions.steps.start(guest, draft)
        register.handovers.write(
            HandoverDraft(house, "Stanotte arriva forse una telefonata del Numero Verde: c’è un posto.", is_urgent=True)
        )
