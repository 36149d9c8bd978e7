"""The order of Tab for what is made late: Qt would put it last in the window.

Only the order; who takes the keyboard is decided by the widgets.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def take_place_of(ground: QWidget, late: QWidget) -> None:
    """Put a widget that was made late where the ground that it stands on is in the order of Tab.

    `QWidget.setTabOrder` does nothing after a widget that takes no focus, so the one before the ground is looked for.
    """
    before = ground.previousInFocusChain()
    while before is not None and before is not ground:
        is_stop = before.focusPolicy() & Qt.FocusPolicy.TabFocus and before.focusProxy() is None
        if is_stop and not ground.isAncestorOf(before):
            QWidget.setTabOrder(before, late)
            return
        before = before.previousInFocusChain()
