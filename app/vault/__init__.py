"""The encrypted store: its keys, its connection, one transaction at a time, its migrations.

Nothing here knows what the register means; the services do.
"""
