"""Looks for a word in everything the program still holds: widgets, models, and Python objects of every kind.

What lies in memory that was freed is beyond it.
"""

from __future__ import annotations

import gc
import types

import shiboken6
from PySide6.QtCore import QAbstractItemModel, QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QPlainTextEdit, QTextEdit, QWidget

_NOT_HELD = (types.FrameType, types.CodeType, types.FunctionType, types.ModuleType)
_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.EditRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.UserRole,
)
_DEPTH = 4


def traces(word: str, *, deep: bool = True) -> list[str]:
    """Return where a word is still to be found; what nobody holds any more is thrown away first.

    Not `deep`, only widgets and models are looked through: that is quick.
    """
    for _ in range(2):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
    return sorted({*_in_widgets(word), *_in_models(word), *(_in_objects(word) if deep else ())})


def _in_widgets(word: str) -> list[str]:
    found = []
    for widget in QApplication.allWidgets():
        kind = widget.metaObject()
        for place in range(kind.propertyCount()):
            each = kind.property(place)
            if each.typeName() in ("QString", "QStringList") and word in str(each.read(widget)):
                found.append(f"{type(widget).__name__}.{each.name()}")
        found += [f"{type(widget).__name__}: {word}" for text in _texts(widget) if word in text]
    return found


def _texts(widget: QWidget) -> list[str]:
    texts = [f"{action.text()} {action.toolTip()}" for action in widget.actions()]
    if isinstance(widget, QComboBox):
        texts += [widget.itemText(place) for place in range(widget.count())]
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        texts.append(widget.toPlainText())
    return texts


def _in_models(word: str) -> list[str]:
    found = []
    for model in gc.get_objects():
        if isinstance(model, QAbstractItemModel) and shiboken6.isValid(model):
            places = (model.index(r, c) for r in range(model.rowCount()) for c in range(model.columnCount()))
            if any(word in str(place.data(role)) for place in places for role in _ROLES):
                found.append(f"{type(model).__name__} (model)")
    return found


def _in_objects(word: str) -> list[str]:
    """Return the kinds of objects that hold the word: in a field, a slot, a list, a dict, a closure's cell."""
    return [
        f"{type(each).__module__}.{type(each).__name__}"
        for each in gc.get_objects()
        if not isinstance(each, _NOT_HELD) and any(_holds(held, word) for held in gc.get_referents(each))
    ]


def _holds(held: object, word: str, depth: int = 0) -> bool:
    if held is word:
        return False  # the question itself
    if isinstance(held, str):
        return word in held
    if isinstance(held, bytes | bytearray):
        return word.encode() in held
    if depth < _DEPTH and isinstance(held, tuple | dict) and not gc.is_tracked(held):
        return any(_holds(deeper, word, depth + 1) for deeper in gc.get_referents(held))
    return False
