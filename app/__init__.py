"""Approdo: an offline-first, encrypted register for shelters.

The packages below are layers; ARCHITECTURE.md draws them and `lint-imports` enforces them.
"""

__version__ = "0.1.0"
