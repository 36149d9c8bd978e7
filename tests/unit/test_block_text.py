"""What a clipboard holds between the month and a spreadsheet, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import PasteHasLabels, PasteUnreadable
from app.ui.presenters.block_text import Block, read_block, write_block
from app.ui.presenters.night_state import state_codes


@given(st.lists(st.lists(st.sampled_from(["P", "A", "O", "G", "L", "N", "", "-"]), min_size=3, max_size=3), min_size=1))
def test_what_is_copied_can_be_pasted_again(block: list[list[str]]) -> None:
    read = read_block(write_block(block) + "\n").states
    expected = [[state if state in state_codes() else None for state in line] for line in block]
    # a block whose last lines are all blank is no line at all to a spreadsheet
    while expected and not any(block[len(expected) - 1]):
        expected.pop()
    assert read == expected or all(state is None for line in read[len(expected) :] for state in line)


def test_a_paste_reads_what_spreadsheets_write() -> None:
    assert read_block("p\tA \t●\r\n×\t–\tx\r\n").states == [["P", "A", "P"], ["N", None, "N"]]


def test_a_paste_that_holds_something_else_says_where_and_repeats_nothing_of_it() -> None:
    with pytest.raises(PasteUnreadable) as refused:
        read_block("P\tP\nP\tMaria")
    assert refused.value.params == {"line": 2, "column": 2}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("L\tM\tM\r\n1\t2\t3\r\nP\tA\t\r\n", id="week days over day numbers"),
        pytest.param('"L\n1"\t"M\n2"\t"M\n3"\nP\tA\t\n', id="a head of two lines in one cell"),
        pytest.param("1\t2\t3\nP\tA\t\n", id="day numbers alone"),
    ],
)
def test_the_head_of_a_sheet_is_read_and_not_written(text: str) -> None:
    assert read_block(text) == Block([["P", "A", None]], (1, 2, 3))


def test_a_head_of_week_days_alone_is_no_line_of_states() -> None:
    assert read_block("V\tS\tD\nP\tP\tP").states == [["P", "P", "P"]]
    assert read_block("L\tG\nP\tP").states == [["L", "G"], ["P", "P"]]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("Maria\tP\nRina\tP", (1, 1), id="names at the left"),
        pytest.param("P\tP\t2", (1, 3), id="a sum at the right"),
        pytest.param("P\tP\n12\t13", (2, 1), id="sums below"),
        pytest.param("12\t13", (1, 1), id="numbers and nothing else"),
    ],
)
def test_names_and_sums_are_refused_with_their_place(text: str, place: tuple[int, int]) -> None:
    with pytest.raises(PasteHasLabels) as refused:
        read_block(text)
    assert (refused.value.params["line"], refused.value.params["column"]) == place


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_never_anything_else(text: str) -> None:
    try:
        block = read_block(text)
    except (PasteHasLabels, PasteUnreadable):
        return
    assert {state for line in block.states for state in line} <= {None, *state_codes()}
