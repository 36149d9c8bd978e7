"""Opening a form again that waits half filled: its house, its page, its place there, and the form itself.

Forms of one row in a list (a withdrawal, a document, a bed) are opened from that row: there the place is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from app.reference.texts import tr
from app.ui.dialogs.handover_dialog import open_handovers
from app.ui.dialogs.paper_dialog import open_paper
from app.ui.dialogs.round_dialog import open_round
from app.ui.locking import guarded

if TYPE_CHECKING:
    from app.ui.context import Context, RegisterPage
    from app.ui.frame import Frame
    from app.ui.half_filled import Waiting

_ANSWERS = 4
"""A page asks for its list, then for a card, the card's tab for its topic: each when the one before was answered."""
_OF_ONE = re.compile(r"(_\d+)+$")

_OF_HEALTH = (
    "referral_new",
    "referral_booking",
    "referral_follow_up",
    "referral_outcome",
    "referral_accompaniment",
    "coverage",
)
_OF_PATHS = ("path_goal", "path_goal_end", "path_step", "path_outcome", "path_hours", "path_italian", "path_lesson")
_BY_PAGE: dict[str, dict[str, Callable[[Any], object]]] = {
    "guests": {
        "guest_entry": lambda page: page.open_entry(),
        "guest_exit": lambda page: page.open_exit(),
        "guest_change": lambda page: page.view.sheet.open_change(),
        "household_join": lambda page: page.view.sheet.open_join(),
        "entry_change": lambda page: page.view.sheet.open_arrival(),
        "needs_change": lambda page: page.view.sheet.open_needs(),
        "custody_add": lambda page: page.view.sheet.open_hand_over(),
        "permit": lambda page: page.view.sheet.protection.open_permit(),
        "victim_status": lambda page: page.view.sheet.protection.open_status(),
        "exploitation": lambda page: page.view.sheet.protection.open_exploitation(),
        "safety": lambda page: page.view.sheet.protection.open_safety(),
        "deadline": lambda page: page.view.sheet.protection.open_deadline(),
        "guest_bed": lambda page: page.view.stays.open_bed(),
        "stay_phase": lambda page: page.view.stays.open_phase(),
        "stay_absence": lambda page: page.view.stays.open_absence(),
        "stay_transfer": lambda page: page.view.stays.open_transfer(),
        "stay_correction": lambda page: page.view.stays.open_correction(),
        "stay_annul": lambda page: page.view.stays.open_annul(),
        "consent": lambda page: page.view.tab("consents").open_answer(),
        "paper_given": lambda page: page.view.tab("consents").open_paper(),
        "uncounted": lambda page: page.view.tab("consents").open_uncounted(),
        "diary": lambda page: page.view.tab("diary").open_new(),
        "coverage": lambda page: page.view.health.coverage.open_form(),
    },
    "health": dict.fromkeys(_OF_HEALTH, lambda page: page.resume()),
    "inclusion": dict.fromkeys(_OF_PATHS, lambda page: page.forms.resume()),
    "beds": {
        "arrival": lambda page: page.deeds.plan(),
        "new_house": lambda page: page.open_new_house(),
        "house": lambda page: page.open_house(),
    },
}


class Opened(Protocol):
    """The open register, as far as a form needs it to be opened: `app.ui.workplace.Workplace`."""

    context: Context
    frame: Frame

    def show_page(self, page_id: str, value: object = None) -> None:
        """Show a page at a place."""

    def page(self, page_id: str) -> RegisterPage:
        """Return a page."""


def reopen(workplace: Opened, wanted: Waiting) -> None:
    """Go where a form was begun and open it; where it must be opened from its row, say so."""
    context = workplace.context
    if wanted.house != context.house:
        workplace.frame.bar.house.set_code(str(wanted.house))
    if wanted.page:
        workplace.show_page(wanted.page, wanted.place)

    def wait(answers: int) -> None:
        if answers:
            context.ask(workplace.frame, lambda: None, lambda _: wait(answers - 1))
        else:
            open_it()

    def open_it() -> None:
        guarded(lambda: _open(workplace, wanted))
        if wanted.form in context.drafts:
            context.told.emit("info", tr("window.draft_here", form=wanted.title or tr("window.draft_some")))

    wait(_ANSWERS)


def _open(workplace: Opened, wanted: Waiting) -> None:
    name = _OF_ONE.sub("", wanted.form)
    over = workplace.context, workplace.frame
    if name == "handover":
        open_handovers(*over, writing=True)
    elif name == "paper":
        open_paper(*over)
    elif name == "round":
        open_round(*over)
    else:
        _open_on_page(workplace, wanted, name)


def _open_on_page(workplace: Opened, wanted: Waiting, name: str) -> None:
    page = wanted.page or workplace.frame.current_page()
    way = _BY_PAGE.get(page, {}).get(name)
    if page == "guests" and name.startswith("path_"):
        way = lambda shown: shown.view.tab("path").forms.resume()  # noqa: E731 - as the others above
    elif page == "guests" and name == "guest_entry" and name != wanted.form:
        way = lambda shown: shown.view.stays.open_entry_again()  # noqa: E731 - as the others above
    if way is not None and page:
        way(workplace.page(page))
