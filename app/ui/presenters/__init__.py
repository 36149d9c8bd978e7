"""Decisions of the forms and pages in plain Python; no Qt here."""
