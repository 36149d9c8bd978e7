"""Emptying a layout, as the tabs know it; it is in `app.ui.widgets.layout`, where widgets reach it too."""

from __future__ import annotations

from app.ui.widgets.layout import empty_layout

__all__ = ["empty_layout"]
