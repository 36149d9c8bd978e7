"""Posti letto: the rooms with their beds on a night, who has none, who is expected, how many places are free.

What is said is decided by `app.ui.presenters.bed_board`, what is done by `app.ui.pages.bed_deed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.reference.texts import tr, tr_n
from app.services.bed import BedBoard, BedNight
from app.services.role import may_change_house
from app.ui.context import Context, RegisterPage
from app.ui.kit import (
    Banner,
    Card,
    DayEdit,
    ElidedLabel,
    EmptyState,
    FigureCard,
    IconButton,
    Label,
    PrimaryButton,
    SecondaryButton,
    beside,
)
from app.ui.pages.bed_deed import BedDeeds
from app.ui.presenters import bed_board as words
from app.ui.presenters.draft import day_from_text
from app.ui.theme import px
from app.ui.widgets.bed_board import BedBoardView
from app.ui.widgets.bed_carry import BedCarry
from app.ui.widgets.bed_side import ArrivalEntry, BedSide
from app.ui.widgets.bed_tile import BedTile
from app.ui.widgets.flow import FlowLayout

_SIDE = 276
_BESIDE_FROM = 860


@dataclass(frozen=True, slots=True)
class _Found:
    board: BedBoard
    role: str | None


class BedsPage(RegisterPage):
    """The page; `dialog_opened` carries every dialog that it opens."""

    listens = frozenset({"guests", "beds", "houses", "settings"})
    dialog_opened = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._night: date | None = None
        self._role: str | None = None
        self._asked = 0
        self.board: BedBoard | None = None
        self.carry = BedCarry(self)
        self.deeds = BedDeeds(context, self)
        self._build()
        self.carry.changed.connect(self._show_hint)
        self.carry.dropped.connect(self.deeds.drop)
        self.carry.opened.connect(self._on_tile)
        self.deeds.opened.connect(self.dialog_opened)

    # --- layout

    def _build(self) -> None:
        self.earlier = IconButton("chevron_left", tr("beds.earlier"), on_click=partial(self._step, -1))
        self.later = IconButton("chevron_right", tr("beds.later"), on_click=partial(self._step, 1))
        self.title = ElidedLabel("", "heading")
        today = self.context.register.desk.today
        self.day = DayEdit(today(), today=today, earliest=today())
        self.day.setAccessibleName(tr("beds.go_to_night"))
        self.day.setFixedWidth(px(118))
        self.day.day_changed.connect(self._on_day)
        self.house = SecondaryButton(tr("beds.house"), "home", arrow=True)
        self.house.clicked.connect(self._open_house_menu)
        self.house.setObjectName("houseButton")
        self.plan = PrimaryButton(tr("beds.plan"), "luggage", on_click=self.deeds.plan)
        self.plan.setObjectName("planArrivalButton")
        self.body.addLayout(
            beside(self.earlier, self.later, self.title, None, self.day, self.house, self.plan, spacing=8)
        )
        self.free = FigureCard(tr("beds.free_places"))
        self.free.setFixedWidth(px(250))
        ground = QWidget()
        self._flow = FlowLayout(ground, gap=26)
        self._facts: list[Label] = []
        figures = Card()
        figures.body.addStretch(1)
        figures.body.addWidget(ground)
        figures.body.addStretch(1)
        self._figures = beside(self.free, figures, stretch=(0, 1))
        self.body.addLayout(self._figures)
        self._sides = QHBoxLayout()
        self._sides.setSpacing(px(14))
        self._sides.addWidget(self._build_board(), 1)
        self.side = BedSide(self.carry)
        self.side.arrival_asked.connect(self._on_arrival)
        self._sides.addWidget(self.side)
        self.body.addLayout(self._sides, 1)
        for keys, slot in (("Ctrl+N", self.deeds.plan), ("Esc", self.carry.cancel)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        self._fit()

    def _build_board(self) -> QWidget:
        card = Card()
        self.view = BedBoardView(self.carry)
        self._none = EmptyState(
            "hotel", tr("beds.no_beds"), tr("beds.no_beds_hint"), action=tr("beds.no_beds_do"), action_icon="add"
        )
        self._none.action_asked.connect(self.open_house)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._none)
        self.hint = Label("", "small", wrap=True)
        self.carrying = Banner("info", icon_name="swap_horiz")
        self.carrying.hide()
        self._warning = Label("", "small", wrap=True)
        card.body.setSpacing(px(8))
        card.body.addWidget(self._stack, 1)
        card.body.addWidget(self._warning)
        card.body.addWidget(self.hint)
        card.body.addWidget(self.carrying)
        return card

    def minimumSizeHint(self) -> QSize:
        return QSize(px(640), px(520 if self._is_beside() else 900))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _is_beside(self) -> bool:
        return self.width() >= px(_BESIDE_FROM)

    def _fit(self) -> None:
        """Large letters on a small screen: the side goes under the board rather than out of sight."""
        near = self._is_beside()
        self._sides.setDirection(QBoxLayout.Direction.LeftToRight if near else QBoxLayout.Direction.TopToBottom)
        self.side.setMaximumWidth(px(_SIDE) if near else 16777215)
        self.side.setMinimumWidth(px(_SIDE) if near else 0)
        self.updateGeometry()

    # --- asking

    def open(self, value: object = None) -> None:
        """Show the page; a day as text, or a date, shows that night."""
        wanted = value if isinstance(value, date) else day_from_text(value)
        if wanted is not None:
            self._night = wanted
        self.refresh()

    def refresh(self) -> None:
        """Ask for the board of the night shown."""
        register, house, night = self.context.register, self.context.house, self._night

        def work() -> _Found:
            operator = register.access.operator()
            return _Found(register.beds.board(house, night), operator.role if operator else None)

        self._asked += 1
        asked = self._asked

        def done(found: _Found) -> None:
            if asked == self._asked:
                self._on_found(found)

        self.context.ask(self, work, done)

    def clear(self) -> None:
        """Drop every word about anybody."""
        self._asked += 1
        self.carry.cancel()
        self.board = self.deeds.board = None
        self.view.clear()
        self.side.clear()
        self.carrying.tell("info", "")
        self._warning.setText("")

    def _on_found(self, found: _Found) -> None:
        board, self._role = found.board, found.role
        if board.night < board.today:  # the page stayed open past the end of a night
            self._night = None
            self.refresh()
            return
        self.board = self.deeds.board = board
        self.carry.cancel()
        self.title.setText(words.night_title(board.night, board.today))
        self.day.set_bounds(board.today, None)
        self.day.set_day(board.night)
        self.earlier.setEnabled(board.night > board.today)
        self._show_figures(board)
        self.view.show_board(board)
        self.side.show_board(board)
        self._stack.setCurrentWidget(self.view if board.beds else self._none)
        tiles = self.view.tiles()
        self.setFocusProxy(tiles[0] if tiles else self.plan)
        self._show_hint()

    def _show_figures(self, board: BedBoard) -> None:
        places = board.places
        self.free.show_figure(str(places.free), words.places_note(places), how=words.places_how(places))
        facts = words.places_facts(places)
        if not self._facts:
            self._facts = [self._add_fact(label) for label, _ in facts]
        for shown, (_, value) in zip(self._facts, facts, strict=True):
            shown.setText(value)
        waiting = words.waiting_without_bed(board)
        self._warning.setText(tr_n("beds.waiting", waiting) if waiting else "")
        self._warning.setVisible(bool(waiting))

    def _add_fact(self, label: str) -> Label:
        place, value = QWidget(), Label("", "heading")
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(3))
        column.addWidget(Label(label, "small"))
        column.addWidget(value)
        self._flow.addWidget(place)
        return value

    def _show_hint(self) -> None:
        carried = self.carry.carried
        self.hint.setText(tr("beds.hint"))
        self.carrying.tell("info", tr("beds.carrying", name=carried.name) if carried else "", icon_name="swap_horiz")
        self.hint.setVisible(carried is None and bool(self.board and self.board.beds))
        self.carrying.setVisible(carried is not None)

    # --- the night

    def _step(self, days: int) -> None:
        if self.board is not None:
            self._go(self.board.night + timedelta(days=days))

    def _on_day(self, wanted: object) -> None:
        if isinstance(wanted, date):
            self._go(wanted)

    def _go(self, night: date) -> None:
        today = self.context.register.desk.today()
        self._night = None if night <= today else night
        self.refresh()

    # --- menus

    def build_menu(self, bed: BedNight) -> QMenu:
        """Return what can be done with a bed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, text in words.actions(bed):
            action = menu.addAction(text)
            action.setData(name)
            action.triggered.connect(partial(self.do, name, bed))
        return menu

    def do(self, name: str, bed: BedNight, _checked: object = None) -> None:
        """Do what a menu offered for a bed."""
        if name == "carry":
            tile = self.view.tile(bed.id)
            if tile is not None:
                self.carry.pick_up(tile.carried)
                tile.setFocus(Qt.FocusReason.TabFocusReason)
            return
        deeds = self.deeds
        known = {
            "card": deeds.card,
            "leave": deeds.leave,
            "hold": deeds.hold,
            "close": deeds.close,
            "release": deeds.release,
            "put_back": deeds.put_back,
            "arrived": deeds.arrived,
        }
        known[name](bed)

    def build_arrival_menu(self, entry: ArrivalEntry) -> QMenu:
        """Return what can be done with an arrival."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        deeds, row = self.deeds, entry.row
        for text, deed in (
            ("beds.do_arrived", deeds.admit),
            ("beds.do_hold_arrival", deeds.hold_for),
            ("beds.do_change_arrival", deeds.plan),
            ("beds.do_cancel_arrival", deeds.cancel),
        ):
            menu.addAction(tr(text)).triggered.connect(partial(_call, deed, row))
        return menu

    def _on_tile(self, tile: object) -> None:
        if not isinstance(tile, BedTile):
            return
        if isinstance(tile.subject, BedNight):
            self._popup(self.build_menu(tile.subject), tile)
        elif tile.carried is not None:
            self.carry.pick_up(tile.carried)

    def _on_arrival(self, entry: object) -> None:
        if isinstance(entry, ArrivalEntry):
            self._popup(self.build_arrival_menu(entry), entry)

    def _popup(self, menu: QMenu, under: QWidget) -> None:
        menu.popup(under.mapToGlobal(QPoint(0, under.height())))
        actions = menu.actions()
        if actions:
            menu.setActiveAction(actions[0])

    def build_house_menu(self) -> QMenu:
        """Return what the coordination can do with houses."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("beds.house_change")).triggered.connect(self.open_house)
        menu.addAction(tr("beds.house_new")).triggered.connect(self.open_new_house)
        return menu

    def _open_house_menu(self) -> None:
        if may_change_house(self._role):
            self._popup(self.build_house_menu(), self.house)
        else:
            self.context.told.emit("info", tr("beds.house_closed"))

    def open_new_house(self) -> None:
        """Open the form of one more house, for the coordination."""
        from app.ui.dialogs.new_house_dialog import NewHouseDialog

        if may_change_house(self._role):
            self.deeds.show(NewHouseDialog(self.context, self))
        else:
            self.context.told.emit("info", tr("beds.house_closed"))

    def open_house(self) -> None:
        """Open the form of the house, for the coordination; others are told who may."""
        from app.ui.dialogs.house_dialog import HouseDialog

        if not may_change_house(self._role):
            self.context.told.emit("info", tr("beds.house_closed"))
            return
        register, house = self.context.register, self.context.house
        self.context.ask(
            self,
            lambda: register.houses.plan(house),
            lambda plan: self.deeds.show(HouseDialog(self.context, plan, self)),
        )


def _call(deed: object, row: object, _checked: object = None) -> None:
    deed(row)  # type: ignore[operator]  # a deed of an arrival
