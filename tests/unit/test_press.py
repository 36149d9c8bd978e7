"""The press: what it makes would be the same whatever a group of four guests were, and it never makes half of it."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.audit import Outcome
from app.disclosure.tree_file import VARIABLES, load_tree
from app.services.breakdown_set import cuts_of
from app.services.calendar import Month
from app.services.press import Press
from app.services.tabulation import Answer, Person, Question, calendar_rows
from app.sync.payload import MonthReport, Shown, to_bytes

PEOPLE, GROUP = 14, 4
PASSED = SimpleNamespace(outcome=Outcome.PASS, reason="", asked=0)
PRESS = Press(audit=lambda _document: PASSED)  # type: ignore[arg-type, return-value]  # the engine alone is asked here


def question(values: dict[str, dict[int, str]]) -> Question:
    people = tuple(
        Person(n, ((date(2026, 1 + n % 11, 3), None if n % 3 else date(2026, 12, 10)),), {"": f"{n:032x}"}, is_new=True)
        for n in range(PEOPLE)
    )
    calendar = tuple(calendar_rows({person.token(""): person.stays for person in people}))
    return Question(Month(2026, 12), 5, "casa-1", "women", (), calendar, "00" * 32, people, values, {})


def some_values(seed: int) -> dict[str, dict[int, str]]:
    chance = random.Random(seed)
    return {
        variable: {n: chance.choice(sorted(load_tree(variable, "women").leaves)) for n in range(PEOPLE)}
        for variable in VARIABLES
    }


def package(answer: Answer) -> bytes:
    report = MonthReport("casa-1", "2026-12", 1, 5, (Shown("M07", 341),), "5c" * 32, cuts_of(answer.tables))
    return to_bytes(report)


def arranged(answer: Answer, values: dict[str, dict[int, str]], wished: dict[str, dict[int, str]]) -> Any:
    """Return values of everybody under which the group is as wished and every table counts the same.

    In each published item whoever is not of the group has one and the same code: the proof of R2.
    """
    found = {variable: dict(counted) for variable, counted in values.items()}
    for table in answer.tables:
        if table.reason:
            continue
        tree = load_tree(table.variable, "women")
        others = [n for n in range(PEOPLE) if n not in wished[table.variable]]
        for name, count in table.blocks:
            leaves = tree.nodes[name].leaves
            mine = [n for n, leaf in wished[table.variable].items() if leaf in leaves]
            found[table.variable].update({n: wished[table.variable][n] for n in mine})
            one = min(leaves)
            for _ in range(count - len(mine)):
                found[table.variable][others.pop()] = one
        assert not others
    for table in answer.tables:
        if table.reason:
            found[table.variable].update(wished[table.variable])
    return found


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000), st.data())
def test_the_package_is_the_same_whatever_any_four_guests_are(seed: int, data: st.DataObject) -> None:
    values = some_values(seed)
    answer = PRESS.answer(question(values))
    group = data.draw(st.lists(st.integers(0, PEOPLE - 1), min_size=GROUP, max_size=GROUP, unique=True))
    wished = {
        variable: {n: data.draw(st.sampled_from(sorted(load_tree(variable, "women").leaves))) for n in group}
        for variable in VARIABLES
    }
    other = PRESS.answer(question(arranged(answer, values, wished)))
    assert package(other) == package(answer)


def test_the_same_question_gives_the_same_bytes_whatever_tokens_were_drawn() -> None:
    asked = question(some_values(1))
    renamed = replace(
        asked,
        people=tuple(replace(person, tokens={"": f"{99 - person.guest:032x}"}) for person in asked.people),
        calendar=tuple({**row, "token": f"{99 - int(str(row['token']), 16):032x}"} for row in asked.calendar),
    )
    assert asked.digest() == renamed.digest()
    assert package(PRESS.answer(asked)) == package(PRESS.answer(renamed))


def test_one_refused_table_withholds_all_of_them() -> None:
    calls: list[str] = []

    def engine(ledger: Any, tree: Any, population: Any, values: Any, **how: Any) -> Any:
        from app.disclosure import SolverStopped, publish

        calls.append(tree.variable)
        if tree.variable == VARIABLES[-1]:
            raise SolverStopped("time")
        return publish(ledger, tree, population, values, **how)

    answer = replace(PRESS, engine=engine).answer(question(some_values(2)))
    assert calls == list(VARIABLES)
    assert answer.why == "solver"
    assert {table.reason for table in answer.tables} == {"withheld"}
    assert (answer.entries, answer.counted, answer.renewed) == ((), {}, ())


def test_a_table_of_the_year_before_is_cut_with_the_tree_and_the_threshold_of_its_year() -> None:
    asked = question(some_values(3))
    first = PRESS.answer(asked)
    later = tuple(replace(person, stays=((person.stays[0][0], None),), is_new=False) for person in asked.people)
    many = tuple(
        Person(100 + n, ((date(2026, 12, 1), None),), {"": f"{1000 + n:032x}"}, is_new=True) for n in range(14)
    )
    people = later + many
    values = {
        variable: {**asked.values[variable], **{100 + n: asked.values[variable][n] for n in range(14)}}
        for variable in VARIABLES
    }
    contents = tuple(json.loads(entry) for entry in first.entries)
    next_year = replace(
        asked,
        month=Month(2027, 12),
        k=6,
        people=people,
        values=values,
        contents=contents,
        published=first.counted,
        calendar=tuple(calendar_rows({person.token(""): person.stays for person in people})),
    )
    answer = PRESS.answer(next_year)
    assert answer.why == ""
    assert {table.k for table in answer.tables if table.day == date(2027, 12, 31)} == {6}
    assert {table.k for table in answer.tables if table.day == date(2026, 12, 31) and not table.reason} <= {5}
    cuts_of(answer.tables)
