"""The look of a dialog: a title, a lead, a body, what is wrong, and a row of buttons; Esc closes it.

It decides nothing, and the title that the system shows of it is always the neutral one. Show it with `open()`, which
does not block, and listen to `accepted`; a question that the program waits for goes through `app.ui.question`.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit.banner import Banner
from app.ui.kit.button import Button, DangerButton, PrimaryButton, SecondaryButton
from app.ui.kit.label import Label
from app.ui.theme import px


class Dialog(QDialog):
    """A form or a message over the window; add to `body`, then the buttons from left to right."""

    def __init__(self, parent: QWidget | None, title: str, lead: str = "", *, width: int = 460) -> None:
        super().__init__(parent)
        # The system shows a window's title in its bar, its switcher and its log: a heading may name a guest.
        self.setWindowTitle(tr("window.neutral_title"))
        self.setAccessibleName(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(px(width))
        self._lead = Label(lead, "muted", wrap=True, parent=self)
        self._lead.setVisible(bool(lead))
        self._wrong = Banner("error")
        self._wrong.hide()
        self.body = QVBoxLayout()
        self.body.setSpacing(px(14))
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(px(8))
        self._buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(20), px(24), px(20))
        column.setSpacing(px(14))
        column.addWidget(Label(title, "title", wrap=True))
        column.addWidget(self._lead)
        column.addLayout(self.body, 1)
        column.addWidget(self._wrong)
        column.addSpacing(px(4))
        column.addLayout(self._buttons)
        self._dialog_column = column
        self._foot_row: list[Button] = []
        self._put_aside: list[Button] = []

    def event(self, event: QEvent) -> bool:
        """Grow with what is said: a wrapped hint or error under a field must not lie over the next one."""
        layout = self.layout()
        if event.type() == QEvent.Type.LayoutRequest and layout is not None and layout.hasHeightForWidth():
            needed = layout.totalHeightForWidth(self.width())
            room = self.screen().availableGeometry().height()
            if self.height() < needed:
                self.resize(self.width(), min(needed, room))
        return super().event(event)

    def set_lead(self, text: str) -> None:
        """Change the sentence under the title."""
        self._lead.setText(text)
        self._lead.setVisible(bool(text))

    def set_error(self, title: str, text: str = "") -> None:
        """Say over the buttons what went wrong; an empty title takes it away."""
        self._wrong.tell("error", title, text)
        self._wrong.setVisible(bool(title))

    def add_cancel(self, text: str = "") -> Button:
        """Add the button that closes without doing anything."""
        return self._add(SecondaryButton(text or tr("kit.cancel"), on_click=self.reject))

    def add_action(self, text: str, on_click: Callable[[], object] | None = None, icon_name: str = "") -> Button:
        """Add the main action, which Return presses; without `on_click` it accepts the dialog."""
        button = self._add(PrimaryButton(text, icon_name, on_click=on_click or self.accept))
        button.setDefault(True)
        return button

    def add_danger(self, text: str, on_click: Callable[[], object] | None = None, icon_name: str = "") -> Button:
        """Add an action that takes something away; it is never the one that Return presses by itself."""
        return self._add(DangerButton(text, icon_name, on_click=on_click or self.accept))

    def add_other(self, text: str, on_click: Callable[[], object], icon_name: str = "") -> Button:
        """Add one more button."""
        return self._add(SecondaryButton(text, icon_name, on_click=on_click))

    def add_foot(self, widget: QWidget) -> None:
        """Add something that takes the place of the buttons now and then (`show_buttons`)."""
        self._dialog_column.addWidget(widget)

    def show_buttons(self, *, visible: bool) -> None:
        """Put the buttons that are shown aside for a moment, or show those again."""
        if visible:
            for button in self._put_aside:
                button.show()
            self._put_aside = []
            return
        self._put_aside = [button for button in self._foot_row if not button.isHidden()]
        for button in self._put_aside:
            button.hide()

    def _add(self, button: Button) -> Button:
        self._buttons.addWidget(button)
        self._foot_row.append(button)
        return button
