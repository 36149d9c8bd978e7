"""The rail at the left of the window: the brand, the entries of the pages, the operator and the lock.

It says which page was asked for; showing it is the frame's business.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.reference.texts import tr
from app.ui.kit.avatar import Avatar
from app.ui.kit.button import IconButton, Look
from app.ui.kit.painting import hairline
from app.ui.rail_entry import RAIL_WIDTH, RailEntry, RailLabel
from app.ui.theme import colour, font, paint_icon, px


class _RailButton(IconButton):
    """An icon on the rail's dark ground."""

    look = Look("#FFFFFF", None, "rail_active", ring="rail_logo")


class _Brand(QWidget):
    """The lighthouse and the name of the program; never the name of a shelter."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("frame.brand"))

    def sizeHint(self) -> QSize:
        return QSize(px(RAIL_WIDTH - 20), px(50))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        side = px(26)
        paint_icon(painter, "logo", "rail_logo", QRectF(px(5), (self.height() - side) / 2, side, side))
        painter.setFont(font(17, 600))
        painter.setPen(colour("#FFFFFF"))
        painter.drawText(self.rect().adjusted(px(40), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, tr("frame.brand"))


@dataclass(slots=True)
class _Section:
    key: str
    label: RailLabel


class Rail(QWidget):
    """The rail; `page_asked` carries the id of an entry that was pressed, `lock_asked` the padlock."""

    page_asked = Signal(str)
    lock_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(px(RAIL_WIDTH))
        self._sections: list[_Section] = []
        self._entries: dict[str, RailEntry] = {}
        self._text_keys: dict[str, str] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(px(10), 0, px(10), 0)
        self._column.setSpacing(px(2))
        self._column.addWidget(_Brand())
        self._column.addWidget(self._build_list(), 1)
        self._column.addLayout(self._build_operator())

    def _build_list(self) -> QScrollArea:
        # With enlarged text the entries may need more height than an old screen has: then they scroll.
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        ground = QWidget()
        self._list = QVBoxLayout()
        self._list.setSpacing(px(2))
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._list)
        column.addStretch(1)
        self._area.setWidget(ground)
        ground.setAutoFillBackground(False)
        return self._area

    def _build_operator(self) -> QHBoxLayout:
        self._avatar = Avatar()
        self._operator = RailLabel("", "#FFFFFF", 13)
        self._role = RailLabel("", "rail_muted", 11)
        self._lock = _RailButton("lock", tr("frame.lock"), on_click=self.lock_asked.emit)
        self._lock.setObjectName("lockButton")
        words = QVBoxLayout()
        words.setSpacing(px(2))
        words.addWidget(self._operator)
        words.addWidget(self._role)
        row = QHBoxLayout()
        row.setContentsMargins(0, px(12), 0, px(14))
        row.setSpacing(px(10))
        row.addWidget(self._avatar)
        row.addLayout(words, 1)
        row.addWidget(self._lock)
        return row

    def add_entry(self, page_id: str, icon_name: str, text_key: str, section: str = "") -> RailEntry:
        """Add an entry under the last; a `section` (a text key) not seen yet puts its label before it."""
        if section and section not in {known.key for known in self._sections}:
            label = RailLabel(tr(section), "rail_muted", 11)
            self._sections.append(_Section(section, label))
            self._list.addSpacing(px(10))
            row = QHBoxLayout()
            row.setContentsMargins(px(10), px(4), 0, px(6))
            row.addWidget(label)
            self._list.addLayout(row)
        entry = RailEntry(page_id, icon_name, tr(text_key))
        entry.clicked.connect(self._on_clicked)
        entry.stepped.connect(self._on_stepped)
        self._entries[page_id] = entry
        self._text_keys[page_id] = text_key
        self._list.addWidget(entry)
        # The lock stands below the entries and comes after them for the keyboard too.
        QWidget.setTabOrder(entry, self._lock)
        return entry

    def entry(self, page_id: str) -> RailEntry:
        """Return the entry of a page; raises KeyError when there is none."""
        return self._entries[page_id]

    def visible_ids(self) -> list[str]:
        """Return the pages that have an entry to be seen, from the top."""
        return [page_id for page_id, entry in self._entries.items() if not entry.isHidden()]

    def mark(self, page_id: str) -> None:
        """Mark the entry of the page that is shown."""
        for known, entry in self._entries.items():
            entry.setChecked(known == page_id)

    def show_operator(self, name: str, role: str) -> None:
        """Show who is at work."""
        self._avatar.show_name(name)
        self._operator.show_text(name)
        self._role.show_text(role)

    def retranslate(self) -> None:
        """Say everything again in the language in use."""
        for page_id, entry in self._entries.items():
            entry.show_text(tr(self._text_keys[page_id]))
        for section in self._sections:
            section.label.show_text(tr(section.key))
        self._lock.show_name(tr("frame.lock"))

    def _on_clicked(self) -> None:
        entry = self.sender()
        if isinstance(entry, RailEntry):
            self.page_asked.emit(entry.page_id)

    def _on_stepped(self, step: int) -> None:
        entry = self.sender()
        if isinstance(entry, RailEntry):
            ids = self.visible_ids()
            wanted = ids[(ids.index(entry.page_id) + step) % len(ids)]
            self._entries[wanted].setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(self._entries[wanted])

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("rail"))
        line = self._avatar.geometry().center().y() - px(29)
        hairline(painter, px(10), self.width() - px(10), line + 0.5, "rail_line")
