"""The command line: the same services as the window, for scripts and for checking.

It parses, asks for the passphrase, calls one service and prints; no rule of the register lives here.
"""
