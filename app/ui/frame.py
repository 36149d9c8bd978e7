"""The frame of the window: the rail, the top bar, and the pages under it.

It shows pages and tells what was asked; which page somebody may see and what it holds is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.reference.texts import tr
from app.ui.kit.chip import Chip
from app.ui.kit.code_combo import ChoiceCombo
from app.ui.kit.label import ElidedLabel
from app.ui.kit.painting import hairline
from app.ui.kit.search_box import SearchBox
from app.ui.kit.toast import Toast
from app.ui.rail import Rail
from app.ui.theme import Tone, colour, px

_BAR_HEIGHT = 52
_SEARCH_WIDTH = 290
_HOUSE_WIDTH = 200


class TopBar(QWidget):
    """The bar over a page: its title, the search, and two chips: encryption and network."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(px(_BAR_HEIGHT))
        self.title = ElidedLabel("", "title")
        self.search = SearchBox(tr("frame.search"), hint=tr("frame.search_keys"))
        self.search.setMinimumWidth(px(_SEARCH_WIDTH) // 2)
        self.search.setMaximumWidth(px(_SEARCH_WIDTH))
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.search.setObjectName("searchBox")
        self.encrypted = Chip("green", tr("frame.encrypted"), "encrypted")
        self.encrypted.setToolTip(tr("frame.encrypted_tip"))
        self.network = Chip("grey", tr("frame.network_unknown"), "cloud_off")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(20), 0, px(20), 1)
        row.setSpacing(px(14))
        row.addWidget(self.title)
        row.addStretch(1)
        self.house = ChoiceCombo()
        self.house.setObjectName("houseChoice")
        self.house.setMaximumWidth(px(_HOUSE_WIDTH))
        self.house.hide()
        row.addWidget(self.house)
        row.addWidget(self.search, 1000)
        row.addWidget(self.encrypted)
        row.addWidget(self.network)

    def retranslate(self) -> None:
        """Say everything again in the language in use, but for the title and the network, which others say."""
        self.search.setPlaceholderText(tr("frame.search"))
        self.search.setAccessibleName(tr("frame.search"))
        self.encrypted.show_state("green", tr("frame.encrypted"), "encrypted")
        self.encrypted.setToolTip(tr("frame.encrypted_tip"))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("surface"))
        hairline(painter, 0, self.width(), self.height() - 0.5, "border")


class Frame(QWidget):
    """The whole window inside its edges.

    Pressing an entry of the rail or Alt+1…9, Alt+0 emits `page_asked`; the page is shown when `show_page` is called, so
    that whoever fills it can do so first. The padlock emits `lock_asked`; Ctrl+K goes to the search.
    """

    page_asked = Signal(str)
    page_shown = Signal(str)
    lock_asked = Signal()
    house_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._areas: dict[str, QScrollArea] = {}
        self._pages: dict[str, QWidget] = {}
        self._titles: dict[str, str] = {}
        self._text_keys: dict[str, str] = {}
        self._current = ""
        self.rail = Rail()
        self.bar = TopBar()
        self._stack = QStackedWidget()
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.bar)
        right.addWidget(self._stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        self._toast = Toast(self)
        self.rail.page_asked.connect(self.page_asked)
        self.rail.lock_asked.connect(self.lock_asked)
        self.bar.house.code_changed.connect(self._on_house)
        self._bind_keys()

    def _bind_keys(self) -> None:
        for place in range(1, 11):
            keys = QShortcut(QKeySequence(f"Alt+{place % 10}"), self)  # the tenth is at 0
            keys.setProperty("place", place)
            keys.activated.connect(self._on_place)
        QShortcut(QKeySequence("Ctrl+K"), self).activated.connect(self.focus_search)

    # --- pages

    def add_page(self, page_id: str, icon_name: str, text_key: str, widget: QWidget, section: str = "") -> None:
        """Add a page and its entry; `section` is the text key of the label it stands under on the rail.

        The page scrolls when the window is smaller than what it needs. Its title is the text of `text_key` until
        `set_title` says more.
        """
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        # Tab must go to what is on the page, not to the ground it scrolls on.
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(widget)
        self._areas[page_id] = area
        self._pages[page_id] = widget
        self._text_keys[page_id] = text_key
        self._stack.addWidget(area)
        self.rail.add_entry(page_id, icon_name, text_key, section)
        self._number_entries()

    def show_page(self, page_id: str) -> None:
        """Show a page and give the keyboard to its focus proxy, if it has one; raises KeyError when there is none."""
        self._stack.setCurrentWidget(self._areas[page_id])
        self._current = page_id
        self.rail.mark(page_id)
        self._show_title()
        if self._pages[page_id].focusProxy() is not None:
            self._pages[page_id].setFocus(Qt.FocusReason.OtherFocusReason)
        self.page_shown.emit(page_id)

    def current_page(self) -> str:
        """Return the id of the page shown, empty before the first."""
        return self._current

    def page(self, page_id: str) -> QWidget:
        """Return the widget of a page; raises KeyError when there is none."""
        return self._pages[page_id]

    def set_page_visible(self, page_id: str, *, visible: bool) -> None:
        """Show or hide a page's entry, for a role that may not see it; its Alt number goes to the next."""
        self.rail.entry(page_id).setVisible(visible)
        self._number_entries()

    def set_title(self, page_id: str, text: str) -> None:
        """Give a page a longer title, such as `Presenze · novembre 2026`; an empty one goes back to its name."""
        self._titles[page_id] = text
        self._show_title()

    def set_badge(self, page_id: str, count: int) -> None:
        """Show beside a page's entry how many things wait there; 0 shows none."""
        self.rail.entry(page_id).show_badge(count)

    # --- state

    def set_operator(self, name: str, role: str) -> None:
        """Show who is at work and in what role."""
        self.rail.show_operator(name, role)

    def show_houses(self, houses: Sequence[tuple[int, str]]) -> None:
        """Offer the houses to choose from; with one alone there is nothing to choose."""
        self.bar.house.set_choices([(str(number), name) for number, name in houses])
        self.bar.house.setAccessibleName(tr("frame.house"))
        self.bar.house.setToolTip(tr("frame.house"))
        self.bar.house.setVisible(len(houses) > 1)

    def set_network(self, tone: Tone, text: str, icon_name: str, tip: str = "") -> None:
        """Show the state of the network and of what is waiting to be sent; green only with a verified receipt."""
        self.bar.network.show_state(tone, text, icon_name)
        self.bar.network.setToolTip(tip)

    def toast(
        self,
        text: str,
        tone: Tone = "green",
        *,
        action: str = "",
        on_action: Callable[[], object] | None = None,
    ) -> None:
        """Say a word in passing over the foot of the window, with perhaps one thing to do about it, such as undo."""
        self._toast.tell(text, tone, action=action, on_action=on_action)

    def focus_search(self) -> None:
        """Give the keyboard to the search and select what is in it."""
        self.bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.search.selectAll()

    def focusNextPrevChild(self, following: bool) -> bool:  # noqa: FBT001, N802 - Qt's own signature
        """Let Tab stop at every control of a page.

        Qt goes from outside straight to the focus proxy of a page, and so never to what stands before it.
        """
        window = self.window()
        before: QWidget | None = window.focusWidget()  # none while nothing has the keyboard yet
        at = _beside(before, following=following)
        while at is not None and at is not before:
            if _is_stop(at, window):
                at.setFocus(Qt.FocusReason.TabFocusReason if following else Qt.FocusReason.BacktabFocusReason)
                return True
            at = _beside(at, following=following)
        return super().focusNextPrevChild(following)

    def clear_search(self) -> None:
        """Empty the search; does not emit."""
        self.bar.search.setText("")

    def forget(self) -> None:
        """Drop every word of the frame that may tell of people: called while locking."""
        self._toast.forget()
        self.clear_search()
        self._titles.clear()
        self.bar.title.setText("")
        self.bar.title.setToolTip("")
        self.set_operator("", "")
        self.show_houses(())
        for page_id in self._pages:
            self.set_badge(page_id, 0)

    def retranslate(self) -> None:
        """Say everything of the frame again in the language in use; the pages see to themselves."""
        self.rail.retranslate()
        self.bar.retranslate()
        self._number_entries()
        self._show_title()

    def _show_title(self) -> None:
        if self._current:
            text = self._titles.get(self._current) or tr(self._text_keys[self._current])
            self.bar.title.setText(text)

    def _on_house(self, number: str) -> None:
        self.house_chosen.emit(int(number))

    def _on_place(self) -> None:
        place = int(self.sender().property("place"))
        ids = self.rail.visible_ids()
        if place <= len(ids):
            self.page_asked.emit(ids[place - 1])

    def _number_entries(self) -> None:
        for place, page_id in enumerate(self.rail.visible_ids(), start=1):
            entry = self.rail.entry(page_id)
            entry.setToolTip(f"{entry.text()} (Alt+{place % 10})" if place <= 10 else entry.text())


def _beside(widget: QWidget | None, *, following: bool) -> QWidget | None:
    if widget is None:
        return None
    return widget.nextInFocusChain() if following else widget.previousInFocusChain()


def _is_stop(widget: QWidget, window: QWidget) -> bool:
    """Return whether Tab stops at a widget of a window."""
    takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
    return takes_tab and widget.isEnabled() and widget.window() is window and widget.isVisibleTo(window)
