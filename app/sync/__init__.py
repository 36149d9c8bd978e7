"""The wire to the capofila, seen from the shelter: payload, signature, invitation, client.

Only totals pass here: nothing in this package knows a person, a database, a window or a thread.
"""
