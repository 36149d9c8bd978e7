"""The demo: an invented shelter lives 18 months through the real services, and shows what came of it.

Nobody in it exists; nothing of it is used by the program otherwise.
"""
