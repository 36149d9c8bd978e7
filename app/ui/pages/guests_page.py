"""The guests: the list at the left, the card of the one selected at the right; entry, exit, bed, prints.

What is allowed is decided by the register; what is said, by `app.ui.presenters.guest`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout

from app.reference.ids import GuestId, HouseId
from app.reference.texts import tr
from app.ui.context import Context, RegisterPage
from app.ui.kit import Card, CellRole, ChoiceCombo, EmptyState, PrimaryButton, SearchBox, table_view
from app.ui.pages.guest_view import GuestView, PrintWish, SharingWish
from app.ui.pages.merge_deed import MergeDeed
from app.ui.pages.retention_deed import RetentionDeed
from app.ui.presenters import guest as words
from app.ui.presenters.draft import as_number
from app.ui.presenters.place import GuestPlace
from app.ui.tables.guest_table import guest_model
from app.ui.theme import px

if TYPE_CHECKING:
    from app.services.guest import GuestCard, GuestRow, LastAccess

PRESENT, ALL, ANNULLED = "present", "all", "annulled"


@dataclass(frozen=True, slots=True)
class _Found:
    """What the page asks for at once: who is here, everybody, the role of who asks, the languages of the sheets."""

    present: list[GuestRow]
    everybody: list[GuestRow]
    role: str | None
    languages: list[tuple[str, str]]
    sharing: list[tuple[str, str]]


class GuestsPage(RegisterPage):
    """The page Ospiti; `dialog_opened` carries every dialog that it opens."""

    listens = frozenset({"guests", "presences", "meals", "referrals", "houses"})
    dialog_opened = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._present: list[GuestRow] = []
        self._everybody: list[GuestRow] = []
        self._role: str | None = None
        self._languages: list[tuple[str, str]] = []
        self._sharing: list[tuple[str, str]] = []
        self._wanted: GuestId | None = None
        self._sought: tuple[HouseId, GuestId] | None = None
        """Who was asked for by name, and in which house: she is shown though she is not in its list."""
        self._card: GuestCard | None = None
        self._vacant: HouseId | None = None
        """The house whose list lost the guest in view: nobody else is shown in her place until somebody is chosen."""
        self._house: HouseId | None = None
        """The house that was in view when the card was shown."""
        self._filling = False
        self._asked = 0
        self._build()
        self._connect()

    # --- layout

    def _build(self) -> None:
        self.filter = SearchBox(tr("guest.filter"))
        self.which = ChoiceCombo(self._choices())
        self.which.setAccessibleName(tr("guest.which"))
        self.enter = PrimaryButton(tr("guest.enter"), "add", on_click=self.open_entry)
        self.enter.setObjectName("enterGuestButton")
        self.enter.setToolTip(tr("guest.enter_tip"))
        self.model = guest_model()
        self.table = table_view(self.model, stretch=3, name=tr("guest.list"))
        self.table.setMinimumWidth(px(346))
        self._no_match = EmptyState("search", tr("guest.no_match"), tr("guest.no_match_hint"))
        self._nobody = EmptyState(
            "groups", tr("guest.nobody"), tr("guest.nobody_hint"), action=tr("guest.enter"), action_icon="add"
        )
        self._nobody.action_asked.connect(self.open_entry)
        self._list = QStackedWidget()
        for widget in (self.table, self._no_match, self._nobody):
            self._list.addWidget(widget)
        self.view = GuestView(self.context)
        self._none_chosen = Card()
        self._none_chosen.body.addWidget(EmptyState("badge", tr("guest.none_chosen"), tr("guest.none_chosen_hint")), 1)
        self._right = QStackedWidget()
        self._right.addWidget(self._none_chosen)
        self._right.addWidget(self.view)
        self._left = self._build_list()
        self._sides = QHBoxLayout()
        self._sides.setSpacing(px(14))
        self._sides.addWidget(self._left, 3)
        self._sides.addWidget(self._right, 5)
        self.body.addLayout(self._sides, 1)
        self.setFocusProxy(self.table)

    def minimumSizeHint(self) -> QSize:
        """Return what the page needs with the card under the list."""
        margins = self.body.contentsMargins()
        widest = max(side.minimumSizeHint().width() for side in (self._left, self.view))
        return QSize(widest + margins.left() + margins.right(), px(440))

    def resizeEvent(self, event: QResizeEvent) -> None:
        # Large letters on a small screen: the card goes under the list rather than out of sight.
        sides = sum(side.minimumSizeHint().width() for side in (self._left, self.view))
        fits = self.width() >= sides + self._sides.spacing() + px(40)
        self._sides.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)

    def _build_list(self) -> Card:
        card = Card(flush=True)
        tools = QHBoxLayout()
        tools.setContentsMargins(px(11), px(10), px(11), px(10))
        tools.setSpacing(px(8))
        tools.addWidget(self.filter, 1)
        tools.addWidget(self.which)
        tools.addWidget(self.enter)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addLayout(tools)
        column.addWidget(self._list, 1)
        card.body.addLayout(column)
        return card

    def _connect(self) -> None:
        self.filter.search_asked.connect(self._on_filter)
        self.filter.left_below.connect(self.table.setFocus)
        self.which.code_changed.connect(self._on_which)
        self.table.row_chosen.connect(self._on_row)
        self.table.row_opened.connect(self._on_opened)
        view = self.view
        view.exit_asked.connect(self.open_exit)
        view.print_asked.connect(self._on_print)
        self._merges = MergeDeed(self.context, self, self._show)
        self._merges.kept.connect(self._on_kept)
        view.menu.merge_asked.connect(lambda: self._merges.merge(self._card))
        view.menu.part_asked.connect(lambda: self._merges.part(self._card))
        self._retention = RetentionDeed(self.context, self, self._show)
        view.menu.held_asked.connect(lambda: self._retention.hand_out(self._card))
        view.menu.erase_asked.connect(lambda: self._retention.erase(self._card))
        view.form_opened.connect(self._on_form)
        for keys, slot in (("Ctrl+N", self.open_entry), ("Ctrl+F", self._focus_filter)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    # --- asking

    def open(self, value: object = None) -> None:
        """Show the page; a guest's id or place chooses her."""
        self._vacant = None
        number = as_number(value)
        if number is not None:
            self._wanted = GuestId(number)
        if isinstance(value, GuestPlace):
            self._wanted = value.guest
            self._sought = (self.context.house, value.guest)
            self.view.show_tab(value.tab)
        self.refresh()

    def where(self) -> object:
        """Return the guest shown and her tab."""
        return GuestPlace(self._wanted, self.view.tabs.current()) if self._wanted is not None else None

    def refresh(self) -> None:
        """Ask for the list, then for the card."""
        register, house = self.context.register, self.context.house

        def work() -> _Found:
            operator = register.access.operator()
            return _Found(
                register.guests.list_rows(house),
                register.guests.list_rows(house, present_only=False),
                operator.role if operator else None,
                register.prints.languages(),
                register.prints.sharing_languages(),
            )

        self._asked += 1
        asked = self._asked

        def done(found: _Found) -> None:
            # An older list may lack somebody who was admitted since, and would drop her from view.
            if asked == self._asked:
                with self.keyboard_kept():
                    self._on_found(found)

        self.context.ask(self, work, done)

    def clear(self) -> None:
        """Drop every row and word about a guest."""
        self._asked += 1
        self._present, self._everybody, self._card, self._wanted, self._sought = [], [], None, None, None
        self._vacant = self._house = None
        self.filter.setText("")
        self.table.set_words("")
        self._fill()
        self.view.clear()
        self._right.setCurrentWidget(self._none_chosen)

    def _on_found(self, found: _Found) -> None:
        self._present, self._everybody, self._role = found.present, found.everybody, found.role
        self._languages, self._sharing = found.languages, found.sharing
        if self._wanted not in {row.id for row in self._everybody}:
            if self._sought != (self.context.house, self._wanted):
                if self._card is not None and self._house == self.context.house:
                    self._vacant = self._house  # her entry was annulled, or is of another house now
                self._wanted = self._card = None
        elif self._wanted not in {row.id for row in self._present} and not self._is_shown(self._wanted):
            self._show_everybody()
        self._fill()
        self._choose()

    def _show_everybody(self) -> None:
        with QSignalBlocker(self.which):
            self.which.set_code(ALL)

    def _is_shown(self, guest: GuestId | None) -> bool:
        return self._card is not None and self._card.id == guest

    def _fill(self) -> None:
        """Show the rows that are wanted, without asking for a card."""
        self._filling = True
        self.which.set_choices(self._choices())
        rows = self._everybody if self.which.code() == ALL else self._present
        self.model.show_rows(rows)
        self._filling = False
        self._show_list()

    def _choices(self) -> tuple[tuple[str, str], ...]:
        return (
            (PRESENT, tr("guest.which_present", n=len(self._present))),
            (ALL, tr("guest.which_all", n=len(self._everybody))),
            (ANNULLED, tr("stays.annulled_short")),
        )

    def _show_list(self) -> None:
        if not self.model.rowCount():
            self._list.setCurrentWidget(self._nobody)
        elif not self.table.proxy.rowCount():
            self._list.setCurrentWidget(self._no_match)
        else:
            self._list.setCurrentWidget(self.table)

    def _choose(self) -> None:
        """Select the guest wanted, or the first; her card stays when she is not in the list any more."""
        known = {row.id: row for row in self.model.rows()}
        if self._wanted is None and self._vacant != self.context.house and self.table.proxy.rowCount():
            self._wanted = self.table.proxy.index(0, 0).data(CellRole.ROW).id
        if self._wanted is None:
            self.table.clearSelection()
            self.view.clear()
            self._right.setCurrentWidget(self._none_chosen)
            return
        self._filling = True
        if self._wanted in known:
            self.table.choose_row(known[self._wanted])
        self._filling = False
        self._ask_card(self._wanted)

    def _ask_card(self, guest: GuestId) -> None:
        register = self.context.register

        def work() -> tuple[GuestCard, LastAccess | None]:
            card = register.guests.card(guest)
            return card, register.guests.last_access(card.id)

        def done(found: tuple[GuestCard, LastAccess | None]) -> None:
            if guest == self._wanted:
                self._wanted = found[0].id  # the record was joined into another
            with self.keyboard_kept():
                self._on_card(found)

        self.context.ask(self, work, done)

    def _on_card(self, found: tuple[GuestCard, LastAccess | None]) -> None:
        card, access = found
        # An answer that comes after another guest was chosen, or after a lock, is no longer wanted.
        if card.id != self._wanted:
            return
        self._card, self._house, self._vacant = card, self.context.house, None
        offered = (words.print_languages(known, card.languages) for known in (self._languages, self._sharing))
        self.view.offer_languages(*offered)
        self.view.show_card(card, self._role)
        self.view.show_last_access(access, self.context.register.desk.today())
        self._right.setCurrentWidget(self.view)

    # --- the list

    def _focus_filter(self) -> None:
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def _on_filter(self, text: str) -> None:
        self.table.set_words(text)
        self._show_list()
        if text.strip() and self.table.proxy.rowCount() == 1:
            self.table.choose(0)

    def _on_which(self, code: str) -> None:
        if code == ANNULLED:  # no list of guests, but a way to the entries that were taken out
            with QSignalBlocker(self.which):
                self.which.set_code(PRESENT)
            self.open_annulled()
        if not self._filling:
            self._fill()
            self._choose()

    def _on_row(self, row: object) -> None:
        if row is None or self._filling:
            return
        self._wanted = row.id  # type: ignore[attr-defined]  # the table holds rows of guests
        self._ask_card(row.id)  # type: ignore[attr-defined]  # as above

    def _on_opened(self, _row: object) -> None:
        self.view.tabs.bar.setFocus(Qt.FocusReason.TabFocusReason)

    # --- actions

    def _show(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.context.give_back(dialog)
        dialog.open()
        self.dialog_opened.emit(dialog)

    def open_entry(self) -> None:
        """Open the form of an entry."""
        from app.ui.dialogs.entry_dialog import EntryDialog

        dialog = EntryDialog(self.context, self)
        dialog.admitted.connect(self._on_admitted)
        self._show(dialog)

    def _on_form(self, dialog: object) -> None:
        from app.ui.dialogs.entry_dialog import EntryDialog

        if isinstance(dialog, EntryDialog):
            dialog.admitted.connect(self._on_admitted)
        self.dialog_opened.emit(dialog)

    def _on_admitted(self, guest: object) -> None:
        self._wanted = GuestId(int(str(guest)))

    def open_annulled(self) -> None:
        """Show the entries that were annulled, to put one back."""
        from app.ui.dialogs.annul_dialog import AnnulledDialog

        self._show(AnnulledDialog(self.context, self))

    def open_exit(self) -> None:
        """Open the form of the exit."""
        from app.ui.dialogs.exit_dialog import ExitDialog

        if self._card is not None and (stay := self._card.current) is not None:
            self._show(ExitDialog(self.context, self._card, stay, self))

    def _on_kept(self, guest: GuestId) -> None:
        self._wanted, self._sought = guest, (self.context.house, guest)

    def _print_sharing(self, card: GuestCard, wish: SharingWish) -> None:
        prints = self.context.register.prints

        def done(pdf: bytes) -> None:
            from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog

            title = tr("disclosure.sheet_title_of", code=card.code)
            self._show(PrintPreviewDialog(self, title, pdf, files=self.context.files))

        self.context.ask(self, lambda: prints.sharing_form(card.id, second_language=wish.language), done)

    def _on_print(self, wish: object) -> None:
        if isinstance(wish, SharingWish) and self._card is not None:
            self._print_sharing(self._card, wish)
        if not isinstance(wish, PrintWish) or self._card is None:
            return
        register = self.context.register
        guest = self._card.id if wish.filled else None
        code = self._card.code if wish.filled else ""

        def work() -> bytes:
            return register.prints.intake_form(guest, second_language=wish.language, internal=wish.internal)

        def done(pdf: bytes) -> None:
            from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog

            title = tr("guest.print_title", code=code) if code else tr("guest.print_title_blank")
            self._show(PrintPreviewDialog(self, title, pdf, files=self.context.files))

        self.context.ask(self, work, done)
