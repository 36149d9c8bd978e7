"""Processes killed at random moments of everything that writes, and a look at what each kill left.

`python -m tests.kills --rounds 2000 --seed 7 --what entries,backup` (docs/faults.md); the tests run some dozens. Keys
and operators have a harness of their own, `tests/kill_keys.py`.
"""
