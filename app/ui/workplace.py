"""The open register in the window: the frame with its pages, each built when it is first seen.

It lives from one unlock to the next lock; after `close` nothing of the register is left in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget

from app.errors import ApprodoError, RenewalStopped
from app.reference.codelist import codelist
from app.reference.ids import HouseId
from app.reference.texts import tr, tr_n
from app.services.access import OperatorRow
from app.services.courier import ask_keys, is_reached
from app.services.courier import push as push_parcel
from app.services.house import HouseRow
from app.services.outbox import OutboxRow
from app.ui.answer_file import AnswerDrop, take_answers
from app.ui.context import Context, RegisterPage
from app.ui.copyist import Copyist
from app.ui.courier import Courier
from app.ui.frame import Frame
from app.ui.half_filled import HalfFilled, waiting_words
from app.ui.kit.dialog import Dialog
from app.ui.locking import close_dialogs, guarded
from app.ui.presenters.outbox import count
from app.ui.presenters.search import FoundLine, place_of
from app.ui.reopening import reopen
from app.ui.way_out import WayOut
from app.ui.widgets.search_palette import SearchPalette

if TYPE_CHECKING:
    from app.platform.machine import MachineStore
    from app.platform.session import SessionWatch
    from app.services.register import Register
    from app.ui.tasks import Runner

_REOPEN = "F9"
TONES = {"ok": "green", "info": "grey", "warn": "amber", "error": "red"}


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page of the rail: its id, its class in the module `<id>_page`, and how the rail shows it."""

    id: str
    name: str
    icon: str
    text: str
    section: str = ""


PAGES = (
    PageEntry("today", "TodayPage", "wb_twilight", "frame.today"),
    PageEntry("guests", "GuestsPage", "groups", "frame.guests"),
    PageEntry("presences", "PresencesPage", "event_available", "frame.presences", "frame.section_registers"),
    PageEntry("beds", "BedsPage", "hotel", "frame.beds", "frame.section_registers"),
    PageEntry("meals", "MealsPage", "restaurant", "frame.meals", "frame.section_registers"),
    PageEntry("health", "HealthPage", "stethoscope", "frame.health", "frame.section_registers"),
    PageEntry("inclusion", "InclusionPage", "school", "frame.paths", "frame.section_registers"),
    PageEntry("report", "ReportPage", "lab_profile", "frame.report", "frame.section_coordination"),
    PageEntry("outbox", "OutboxPage", "cloud_upload", "frame.dispatches", "frame.section_coordination"),
    PageEntry("settings", "SettingsPage", "settings", "frame.settings", "frame.section_coordination"),
)


class _Slot(QWidget):
    """The place of a page in the frame, empty until the page is first asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.page: RegisterPage | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def fill(self, page: RegisterPage) -> None:
        """Put the page in."""
        self.page = page
        self._column.addWidget(page)
        self.setFocusProxy(page)


class Workplace(QObject):
    """The register's pages around one context."""

    def __init__(
        self,
        register: Register,
        houses: list[HouseRow],
        operator: OperatorRow | None,
        *,
        house: HouseId | None = None,
        runner: Runner,
        network: Runner,
        files: Runner,
        reckoner: Runner | None = None,
        machine: MachineStore,
        session: SessionWatch | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Begin in `house` if it is one of `houses`, else in the first."""
        super().__init__(parent)
        known = [row.id for row in houses]
        view = house if house in known else known[0]
        self.context = Context(register, runner, view, self, files=files, reckoner=reckoner)
        self.way_out = WayOut()
        self.courier = Courier(
            self.context,
            network,
            push=partial(push_parcel, find_line=self.way_out.find),
            reach=partial(is_reached, find_line=self.way_out.find),
            keys=partial(ask_keys, find_line=self.way_out.find),
        )
        self.copyist = Copyist(self.context, machine, self)
        self._machine = machine
        self._session = session
        self._network = network
        self._slots = {entry.id: _Slot() for entry in PAGES}
        self.frame = Frame()
        for entry in PAGES:
            self.frame.add_page(entry.id, entry.icon, entry.text, self._slots[entry.id], entry.section)
        if operator is not None:
            self.frame.set_operator(operator.display_name, codelist("role").label(operator.role))
        self._operator = operator
        self._house_names = {row.id: row.name for row in houses}
        self.frame.show_houses([(row.id, row.name) for row in houses])
        self.frame.bar.house.set_code(str(self.context.house))
        self.frame.house_chosen.connect(self._on_house)
        self.frame.page_asked.connect(self.show_page)
        self.palette = SearchPalette(self.context, self.frame.bar.search, self._house_names, self.frame)
        self.palette.opened.connect(self._on_found)
        self.context.page_asked.connect(self.show_page)
        self.context.title_told.connect(self.frame.set_title)
        self.context.told.connect(self._on_told)
        self.context.offered.connect(self._on_offered)
        self.context.changed.connect(self._on_changed)
        self.courier.state_changed.connect(self._ask_outbox)
        self._drop = AnswerDrop(self.frame)
        self._drop.dropped.connect(lambda paths: take_answers(self.context, self, paths))
        self.context.in_view = lambda: (self.frame.current_page(), self.where())
        QShortcut(QKeySequence(_REOPEN), self.frame).activated.connect(self.reopen_waiting)

    def start(
        self,
        page: str,
        drafts: dict[str, str],
        place: object = None,
        *,
        lost: int = 0,
        was_saved: bool = False,
        later: list[tuple[str, str]] | None = None,
    ) -> None:
        """Show the first page at a place of it, wake courier and copyist, and give half-filled pages what they held.

        `lost` is how many drafts nobody can open any more, `was_saved` whether the lock came while something was saved,
        `later` what came to its end behind the lock; it is told now, and filled again behind the next.
        """
        self.context.take_drafts(drafts)
        self.show_page(page, place)
        if was_saved:
            self.context.told.emit("ok", tr("window.saved_at_lock"))
        self._tell_drafts(lost)
        self.courier.start()
        self._tell_keys()
        self._tell_later(later if later is not None else [])
        self._ask_outbox()

    def _tell_later(self, later: list[tuple[str, str]]) -> None:
        for mood, sentence in later:
            self.context.told.emit(mood, sentence)
        later.clear()
        self.context.later = later

    def _tell_keys(self) -> None:
        """Tell who is at the desk what is wrong with her keys or those of the register, the worst last."""
        who, self._operator = self._operator, None
        if who is None or not who.keys_await:
            self.copyist.start()
        if who is None:
            return
        if who.keys_await:
            self._finish_keys()
        if who.is_unproved:
            self.context.told.emit("warn", tr("sealed.role_unproved", role=codelist("role").label(who.role)))
        if who.were_rows_mended:
            self.context.told.emit("warn", tr("sealed.rows_mended"))
        if who.has_row_faults:
            self.context.told.emit("warn", tr("sealed.row_faults_short"))
        elif who.has_key_faults:
            self.context.told.emit("warn", tr("sealed.key_faults"))

    def _finish_keys(self) -> None:
        """Go on with a change of keys that was cut off, behind the first page; a copy is made when that is over.

        A lock stops it: it goes on behind the next first page.
        """
        context = self.context
        context.told.emit("info", tr("sealed.keys_go_on"))

        def told(_done: int, _of: int) -> None:
            if context.closed:
                raise RenewalStopped

        def over(mood: str, sentence: str) -> None:
            context.told.emit(mood, sentence)
            self.copyist.start()

        context.write(
            self.frame,
            lambda: context.register.operators.renew_keys(told),
            lambda _none: over("ok", tr("operator.renewed")),
            changes="settings",
            failed=lambda _error: over("warn", tr("sealed.keys_await")),
        )

    def _tell_drafts(self, lost: int) -> None:
        waiting = self.context.waiting_forms()
        if waiting:
            sentence = waiting_words(waiting, self.context.house, self._house_names)
            self.frame.toast(sentence, "grey", action=tr("window.draft_open"), on_action=self.reopen_waiting)
        if lost:
            told = Dialog(self.frame, tr("window.drafts_gone_title"), tr_n("window.drafts_gone", lost))
            told.add_action(tr("kit.understood"))
            told.open()

    def reopen_waiting(self) -> None:
        """Open the form that waits half filled, the first when there are several; say so when there is none."""
        waiting = self.context.waiting_forms()
        if waiting:
            reopen(self, waiting[0])
        else:
            self.context.told.emit("info", tr("window.draft_none"))

    def show_page(self, page_id: str, value: object = None) -> None:
        """Show a page, building it when it is asked for the first time."""
        slot = self._slots[page_id]
        if slot.page is None:
            slot.fill(self._build(page_id))
        self.frame.show_page(page_id)
        page = slot.page
        if page is None:
            return
        page.open(value)
        self.context.give_back(page)

    def page(self, page_id: str) -> RegisterPage:
        """Return a page, built if need be."""
        slot = self._slots[page_id]
        if slot.page is None:
            slot.fill(self._build(page_id))
        assert slot.page is not None  # noqa: S101 - just filled
        return slot.page

    def where(self) -> object:
        """Return the place in view, as its page takes it again; None where there is nothing to come back to."""
        page = self._slots[self.frame.current_page()].page
        return page.where() if page is not None else None

    def half_filled(self) -> HalfFilled:
        """Return the drafts of all open forms and pages as text; a form that breaks loses its own words alone."""
        for page_id, slot in self._slots.items():
            if slot.page is not None:
                guarded(partial(self.context.keep, slot.page, page_id))
        for form in [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]:
            guarded(partial(self.context.keep, form))
        return self.context.left_half_filled()

    def close(self) -> None:
        """Stop courier and copyist, close every dialog without a question, drop all that was shown; never raises."""
        guarded(self.context.close)
        guarded(self.courier.stop)
        guarded(self.way_out.end)
        guarded(self.copyist.stop)
        close_dialogs()
        for page in self._pages():
            guarded(page.clear)
        guarded(self.palette.forget)
        guarded(self.frame.forget)
        self.context.forget_drafts()

    # --- inside ------------------------------------------------------------------------------------------------

    def _pages(self) -> list[RegisterPage]:
        return [slot.page for slot in self._slots.values() if slot.page is not None]

    def _build(self, page_id: str) -> RegisterPage:
        entry = next(entry for entry in PAGES if entry.id == page_id)
        kind = getattr(import_module(f"app.ui.pages.{entry.id}_page"), entry.name)
        match page_id:
            case "outbox":
                built = kind(self.context, self.courier)
            case "settings":
                built = kind(
                    self.context,
                    self._network,
                    self._machine,
                    find_line=self.way_out.find,
                    copyist=self.copyist,
                    session=self._session,
                )
            case "report":
                built = kind(self.context, self.courier)
            case _:
                built = kind(self.context)
        assert isinstance(built, RegisterPage)  # noqa: S101 - what a page of the frame is
        return built

    def _on_house(self, house: int) -> None:
        # What is half filled belongs to the house that is left; it waits there until that house is in view again.
        for page in self._pages():
            guarded(partial(self.context.keep, page))
        self.context.house = HouseId(house)
        self.show_page(self.frame.current_page())

    def _on_found(self, line: FoundLine) -> None:
        page, value = place_of(line.hit)
        if line.hit.house is not None and line.hit.house != self.context.house:
            self.frame.bar.house.set_code(str(line.hit.house))  # the page is of the house in view
        self.show_page(page, value)

    def _on_told(self, mood: str, sentence: str) -> None:
        self.frame.toast(sentence, TONES.get(mood, "grey"))  # type: ignore[arg-type]  # one of the chip's tones

    def _on_offered(self, sentence: str, action: str, do: Callable[[], object]) -> None:
        self.frame.toast(sentence, "green", action=action, on_action=do)

    def _on_changed(self, subject: str) -> None:
        if subject in ("outbox", "months"):
            self._ask_outbox()
        if subject == "houses":  # a house may have another name now
            self.context.ask(self, self.context.register.houses.list_rows, self._show_houses)

    def _show_houses(self, houses: list[HouseRow]) -> None:
        self._house_names |= {row.id: row.name for row in houses}  # the search names them too
        self.frame.show_houses([(row.id, row.name) for row in houses])
        self.frame.bar.house.set_code(str(self.context.house))

    def _ask_outbox(self) -> None:
        register = self.context.register

        def look() -> tuple[list[OutboxRow], bool]:
            is_paused = register.restores.pause() is not None or register.sendings.paused() is not None
            return register.outbox.list_rows(), is_paused

        self.context.ask(self, look, self._show_network, self._no_network)

    def _no_network(self, _error: ApprodoError) -> None:
        self.frame.set_network("grey", tr("frame.network_unknown"), "cloud_off")

    def _show_network(self, found: tuple[list[OutboxRow], bool]) -> None:
        rows, is_paused = found
        waiting, refused = count(rows)
        self.frame.set_badge("outbox", waiting + refused)
        if is_paused:
            self.frame.set_network("amber", tr("backup.paused"), "pause")
        elif refused:
            self.frame.set_network("red", tr_n("window.refused", refused), "error")
        elif waiting:
            self.frame.set_network("amber", tr_n("window.waiting", waiting), "cloud_off")
        elif rows:
            self.frame.set_network("green", tr("window.all_received"), "cloud_done")
        else:
            self.frame.set_network("grey", tr("window.nothing_sent"), "cloud_off")
