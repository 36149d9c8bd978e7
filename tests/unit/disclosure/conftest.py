"""Small houses and small trees for the engine's tests."""

from __future__ import annotations

from datetime import date

from app.disclosure import Calendar, Family, Ledger, Population, Stay, Token, Tree


def small_tree(k: int = 3, variable: str = "v") -> Tree:
    inner = {"node": "bc", "children": [{"node": "b", "leaves": ["b"]}, {"node": "c", "leaves": ["c"]}]}
    return Tree.from_json(variable, {"node": "all", "children": [{"node": "a", "leaves": ["a"]}, inner]}, k=k)


def tokens(first: int, last: int) -> tuple[Token, ...]:
    return tuple(Token(f"t{number:03d}") for number in range(first, last))


def ledger_of(*people: Token, profile: str = "") -> Ledger:
    return Ledger("shelter", profile, Calendar.of(Stay(token, date(2025, 12, 1), None) for token in people))


def present(month: int, people: tuple[Token, ...], year: int = 2026) -> Population:
    return Population(Family.PRESENT, date(year, month, 28), tuple(sorted(people)))
