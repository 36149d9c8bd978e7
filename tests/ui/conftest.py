"""The application under test wears the theme, without a screen."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from app.ui.theme import apply_theme


@pytest.fixture(scope="session", autouse=True)
def _themed(qapp: QApplication) -> None:
    apply_theme(qapp)


@pytest.fixture(autouse=True)
def _windows_go_with_their_test(qapp: QApplication) -> Iterator[None]:
    """Delete what a test closed: without a running loop Qt would keep it, and each restyling would dress it again."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
