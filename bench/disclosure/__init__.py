"""Attacks on published tables: the classic methods' and ours, on invented shelters and on real stays.

Shares no code with the engine (`app.disclosure`) or with the audit (`app.audit`): it calls the one for releases and the
other for verdicts, and judges both by its own reading of the ledger's format.
"""
