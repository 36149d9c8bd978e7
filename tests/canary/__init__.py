"""A whole day at the real window with one planted word in every field, killed at its end; and a search for the word.

`day` lives it in a process of its own, `hunt` looks into every byte that was left (docs/faults.md).
"""
