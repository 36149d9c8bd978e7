"""The card of one guest beside the list: who she is, a strip of facts, and a tab a topic.

It shows what it is given and says which action was asked; the page does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout

from app.reference.texts import tr
from app.ui.context import Context
from app.ui.kit import Avatar, Card, ElidedLabel, Label, Mark, SecondaryButton, Strip, Tabs, beside
from app.ui.presenters import guest as words
from app.ui.tabs.access_tab import AccessTab
from app.ui.tabs.card_tab import CardTab
from app.ui.tabs.consents_tab import ConsentsTab
from app.ui.tabs.diary_tab import DiaryTab
from app.ui.tabs.diet_tab import DietTab
from app.ui.tabs.documents_tab import DocumentsTab
from app.ui.tabs.health_tab import HealthTab
from app.ui.tabs.path_tab import PathTab
from app.ui.tabs.sheet_tab import SheetTab
from app.ui.tabs.stays_tab import StaysTab
from app.ui.theme import px
from app.ui.widgets.card_menu import CardMenu

if TYPE_CHECKING:
    from datetime import date

    from app.services.guest import GuestCard, LastAccess


_NARROW = 560


@dataclass(frozen=True, slots=True)
class PrintWish:
    """Which intake sheet is wanted: filled for the guest shown, or blank; with the reserved part or without."""

    filled: bool
    internal: bool
    language: str


@dataclass(frozen=True, slots=True)
class SharingWish:
    """The sheet "who sees what is written about you" is wanted for the guest shown, beside a language."""

    language: str


class GuestView(Card):
    """The card; `print_asked` carries a PrintWish or a SharingWish."""

    exit_asked = Signal()
    print_asked = Signal(object)

    form_opened = Signal(object)
    """A tab opened a dialog."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._languages: tuple[tuple[str, str], ...] = ()
        self._sharing: tuple[tuple[str, str], ...] = ()
        self._avatar = Avatar(side=48, fill="primary_fill")
        self._name = ElidedLabel("", "title")
        self._code = Label("", "mono")
        self._code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._subtitle = ElidedLabel("", "muted")
        self.print_button = SecondaryButton(tr("guest.print"), "print", arrow=True)
        self.print_button.setObjectName("printSheetButton")
        self.print_button.setAccessibleName(tr("guest.print"))
        self.print_button.setToolTip(tr("guest.print"))
        self.print_button.clicked.connect(self._open_menu)
        self.exit_button = SecondaryButton(tr("guest.exit"), "logout", on_click=self.exit_asked.emit)
        self.exit_button.setObjectName("exitButton")
        self.menu = CardMenu()
        self._strip = Strip()
        names = ("entry", "source", "languages", "diet", "permit", "case_worker")
        self._facts = [self._strip.add_fact(tr(f"guest.fact_{name}"), "") for name in names]
        self._access = ElidedLabel("", "small")
        self.sheet, self.stays, self.diet = SheetTab(context), StaysTab(context), DietTab(context)
        self.health = HealthTab(context)
        self.tabs = Tabs()
        self._by_name: dict[str, CardTab] = {
            "sheet": self.sheet,
            "stays": self.stays,
            "diet": self.diet,
            "health": self.health,
            "path": PathTab(context),
            "documents": DocumentsTab(context),
            "diary": DiaryTab(context),
            "consents": ConsentsTab(context),
            "access": AccessTab(context),
        }
        for name, tab in self._by_name.items():
            self.tabs.add(name, tr(tab.title), tab)
            tab.form_opened.connect(self.form_opened)
        self.tabs.changed.connect(lambda name: self._by_name[name].come_into_view())
        self.body.setSpacing(px(12))
        self.body.addLayout(self._build_head())
        self.body.addWidget(self._strip)
        self.body.addWidget(self.tabs, 1)
        self.body.addLayout(beside(Mark("visibility", "muted", 15), self._access, stretch=(0, 1), spacing=6))

    def _build_head(self) -> QHBoxLayout:
        top = QHBoxLayout()
        top.setSpacing(px(8))
        top.addWidget(self._name)
        top.addWidget(self._code, 0, Qt.AlignmentFlag.AlignBottom)
        top.addStretch(1)
        lines = QVBoxLayout()
        lines.setSpacing(px(2))
        lines.addStretch(1)
        lines.addLayout(top)
        lines.addWidget(self._subtitle)
        lines.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self._avatar)
        row.addSpacing(px(6))
        row.addLayout(lines, 1)
        row.addWidget(self.print_button)
        row.addWidget(self.exit_button)
        row.addWidget(self.menu)
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        # In a narrow card the name needs the room more than the word on a button.
        narrow = self.width() < px(_NARROW)
        self.print_button.setText("" if narrow else tr("guest.print"))
        super().resizeEvent(event)

    def offer_languages(self, languages: Sequence[tuple[str, str]], sharing: Sequence[tuple[str, str]] = ()) -> None:
        """Offer these second languages, code and name, for Sheet A and for the sheet of who sees what."""
        self._languages, self._sharing = tuple(languages), tuple(sharing)

    def show_card(self, card: GuestCard, role: str | None) -> None:
        """Show a guest to somebody of that role."""
        self._avatar.show_name(card.name_used)
        self._name.setText(card.name_used)
        self._code.setText(card.code)
        self._subtitle.setText(words.subtitle(card))
        for label, (_, value) in zip(self._facts, words.strip_facts(card, role), strict=True):
            label.setText(words.shortened(value))
            label.setToolTip(value if words.shortened(value) != value else "")
        self.exit_button.setVisible(card.current is not None)
        self.menu.show_role(role)
        for name, tab in self._by_name.items():
            tab.take(card, role, seen=name == self.tabs.current())
        self.setAccessibleName(f"{card.name_used}, {card.code}")

    def tab(self, name: str) -> CardTab:
        """Return a tab by its name."""
        return self._by_name[name]

    def show_tab(self, name: str) -> None:
        """Show a tab by its name; none, or one that there is not, leaves the tab as it is."""
        if name in self._by_name:
            self.tabs.show_tab(name)

    def show_last_access(self, access: LastAccess | None, today: date) -> None:
        """Say under the card who else opened it last."""
        self._access.setText(words.footer(access, today))

    def clear(self) -> None:
        """Forget the guest."""
        self._avatar.show_name("")
        for label in (self._name, self._code, self._subtitle, self._access, *self._facts):
            label.setText("")
            label.setToolTip("")
        for tab in self._by_name.values():
            tab.clear()
        self.setAccessibleName("")

    def build_menu(self) -> QMenu:
        """Return the menu of sheets to print."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for title, filled, internal in (
            ("guest.print_guest_copy", True, False),
            ("guest.print_internal_copy", True, True),
            ("guest.print_blank", False, False),
        ):
            if title == "guest.print_blank":
                menu.addSeparator()
            under = menu.addMenu(tr(title))
            for code, name in self._languages:
                action = under.addAction(name)
                action.setData(PrintWish(filled, internal, code))
        menu.addSeparator()
        under = menu.addMenu(tr("disclosure.sheet"))
        for code, name in self._sharing:
            under.addAction(name).setData(SharingWish(code))
        menu.triggered.connect(self._on_menu)
        return menu

    def _open_menu(self) -> None:
        menu = self.build_menu()
        menu.popup(self.print_button.mapToGlobal(self.print_button.rect().bottomLeft()))

    def _on_menu(self, action: object) -> None:
        wish = action.data()  # type: ignore[attr-defined]  # Qt sends the QAction that was pressed
        if isinstance(wish, PrintWish | SharingWish):
            self.print_asked.emit(wish)
