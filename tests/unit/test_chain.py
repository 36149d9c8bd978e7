"""The chain of the trail: whatever is done to a line is found, and the first wrong line is the one that is named."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.chain import GENESIS, Fault, Line, commitment, kind_of, link, next_line, walk
from tests.independent.verify_trail import verify
from tests.long_trail import make_lines

AT = datetime(2026, 6, 15, 20, 0, tzinfo=UTC)
LINES = make_lines(12, (0, GENESIS), AT)
PLACES = st.integers(0, len(LINES) - 1)

WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
OTHER: dict[str, st.SearchStrategy[Any]] = {
    "at": WORDS,
    "operator": st.none() | st.integers(0, 2**40),
    "kind": WORDS,
    "action": WORDS | st.none(),
    "subject": WORDS | st.none(),
    "subject_id": st.none() | st.integers(-5, 2**40),
    "salt": st.binary(min_size=16, max_size=16) | st.none(),
    "commitment": st.binary(min_size=32, max_size=32),
    "link": st.binary(min_size=32, max_size=32),
}


def fault(lines: list[Line]) -> Fault | None:
    """Return the fault that is found, having asked the other program for its opinion as well."""
    found = walk(lines).fault
    wrong, links, erased = verify([row(line) for line in lines])
    assert (found.number if found is not None else None) == wrong
    said = walk(lines)
    assert (said.lines, said.erased) == (len(links), erased)
    return found


def row(line: Line) -> dict[str, Any]:
    return {
        "id": line.number,
        "at": line.at,
        "operator_id": line.operator,
        "kind": line.kind,
        "action": line.action,
        "subject": line.subject,
        "subject_id": line.subject_id,
        "salt": line.salt.hex() if line.salt is not None else None,
        "commitment": line.commitment.hex(),
        "link": line.link.hex(),
    }


def renumbered(lines: list[Line]) -> list[Line]:
    return [line._replace(number=number) for number, line in enumerate(lines, 1)]


def erased(line: Line) -> Line:
    return line._replace(salt=None, action=None, subject=None, subject_id=None)


def test_a_chain_as_it_was_written_is_whole_and_ends_in_its_head() -> None:
    said = walk(LINES, [LINES[3].link, bytes(32)])
    assert said.fault is None
    assert (said.lines, said.head) == (12, LINES[-1].link)
    assert said.found == {LINES[3].link: 4}
    assert walk([]).head == GENESIS
    assert fault([]) is None


@given(st.data(), PLACES, st.sampled_from(sorted(OTHER)))
def test_any_changed_value_is_found_and_its_line_is_named(data: st.DataObject, place: int, column: str) -> None:
    other = data.draw(OTHER[column].filter(lambda value: value != getattr(LINES[place], column)))
    found = fault([*LINES[:place], LINES[place]._replace(**{column: other}), *LINES[place + 1 :]])
    assert found is not None
    assert found.number == place + 1
    assert found.what == ("parted" if column in ("at", "operator", "kind", "link") else "changed")


@given(st.integers(0, len(LINES) - 2), st.integers(1, 4))
def test_removed_lines_are_missing(place: int, how_many: int) -> None:
    kept = [*LINES[:place], *LINES[place + how_many :]]
    if len(kept) > place:
        assert fault(kept) == Fault(place + 1, None, "missing")
        assert fault(renumbered(kept)) == Fault(place + 1, kept[place].at, "parted")


@given(PLACES, PLACES)
def test_lines_that_changed_places_are_found_at_the_first_and_told_where_it_went(one: int, other: int) -> None:
    first, second = sorted((one, other))
    lines = list(LINES)
    lines[first], lines[second] = lines[second], lines[first]
    found = fault(renumbered(lines))
    assert found == (None if first == second else Fault(first + 1, LINES[first].at, "moved", second + 1))


@given(PLACES, st.randoms(use_true_random=False))
def test_a_line_put_in_between_is_found_even_when_it_follows_well(place: int, chance: Any) -> None:
    before = (place, LINES[place - 1].link if place else GENESIS)
    new = next_line(
        before, chance.randbytes(16), at=LINES[place].at, operator=1, action="read", subject="guest", subject_id=7
    )
    found = fault(renumbered([*LINES[:place], new, *LINES[place:]]))
    assert found is not None
    assert found.number == place + 2, "the new line itself follows well; the one behind it does not"
    strange = new._replace(link=chance.randbytes(32))
    found = fault(renumbered([*LINES[:place], strange, *LINES[place:]]))
    assert found == Fault(place + 1, LINES[place].at, "moved", place + 2)


@given(st.integers(0, len(LINES)))
def test_a_chain_that_was_cut_off_is_whole_but_does_not_hold_the_head_that_others_know(length: int) -> None:
    said = walk(LINES[:length], [LINES[-1].link])
    assert said.fault is None
    assert bool(said.found) == (length == len(LINES))


@settings(max_examples=30)
@given(st.integers(0, 11))
def test_a_chain_written_anew_holds_none_of_the_later_heads(place: int) -> None:
    before = (place, LINES[place - 1].link if place else GENESIS)
    lines = [*LINES[:place], *make_lines(len(LINES) - place, before, AT, seed=2)]
    assert fault(lines) is None
    assert set(walk(lines, [line.link for line in LINES]).found.values()) == set(range(1, place + 1))


@given(st.sets(PLACES))
def test_erased_lines_are_counted_and_the_chain_still_holds(places: set[int]) -> None:
    lines = [erased(line) if place in places else line for place, line in enumerate(LINES)]
    assert fault(lines) is None
    said = walk(lines)
    assert (said.erased, said.head) == (len(places), LINES[-1].link)


@given(PLACES, st.sampled_from(["at", "operator", "kind", "commitment"]))
def test_what_stays_of_an_erased_line_can_still_not_be_changed(place: int, column: str) -> None:
    other = {"at": "2026-06-15T19:00:00Z", "operator": 99, "kind": "export", "commitment": bytes(32)}[column]
    found = fault([*LINES[:place], erased(LINES[place])._replace(**{column: other}), *LINES[place + 1 :]])
    assert found is not None
    assert found.number == place + 1


def test_a_line_half_erased_is_a_changed_one() -> None:
    assert fault([LINES[0]._replace(salt=None), *LINES[1:]]) == Fault(1, LINES[0].at, "changed")


def test_a_line_before_the_first_is_found() -> None:
    found = fault([LINES[0]._replace(number=0), *LINES])
    assert found == Fault(0, LINES[0].at, "parted")


@given(st.tuples(WORDS, WORDS, st.none() | st.integers()), st.tuples(WORDS, WORDS, st.none() | st.integers()))
def test_no_two_things_said_commit_to_the_same(one: Any, other: Any) -> None:
    salt = bytes(16)
    assert (commitment(salt, *one) == commitment(salt, *other)) == (one == other)


def test_words_cannot_flow_into_their_neighbours() -> None:
    assert commitment(bytes(16), "ab", "c", 1) != commitment(bytes(16), "a", "bc", 1)
    assert commitment(bytes(16), "a", "b", None) != commitment(bytes(16), "a", "b", 0)
    about = {"at": "x", "operator": 1, "committed": bytes(32)}
    assert link(GENESIS, 1, kind="1read", **about) != link(GENESIS, 11, kind="read", **about)


def test_a_salt_that_is_gone_leaves_nothing_to_guess_with() -> None:
    """The same thing said twice leaves two commitments: whoever guesses it finds nothing to compare with."""
    one, other = (next_line((0, GENESIS), bytes([n] * 16), at="x", operator=1, action="read", subject="guest",
                            subject_id=1) for n in (1, 2))  # fmt: skip
    assert one.commitment != other.commitment


def test_a_published_example_comes_out_as_it_stands_in_the_format() -> None:
    first = next_line((0, GENESIS), bytes(range(16)), at="2026-06-15T20:00:00Z", operator=1, action="read",
                      subject="guest", subject_id=7)  # fmt: skip
    assert first.kind == kind_of("read") == "read"
    assert first.commitment.hex() == EXAMPLE[0]
    assert first.link.hex() == EXAMPLE[1]


EXAMPLE = (
    "4f6c3cf135f139781b0bff7c48fcbd379d28f612ea8164d8ed842dbf56ba3739",
    "a8c478e59dff76e3ea903150e94126de2c976e092d0971bb9b4b538d76b3c257",
)
