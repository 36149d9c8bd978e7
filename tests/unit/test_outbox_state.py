"""The states of a report on its way, under any sequence of events."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from app.prints.print_text import PrintText
from app.reference.texts import tr
from app.services import outbox_state
from app.services.outbox_state import ACCEPTED, EVENTS, PREPARED, REFUSED, STATES, WAITING, Event, after, event_of
from app.sync.outcome import MAYBE_THERE, Declined, Noted, Unproven, Waiting

sequences = st.lists(st.sampled_from(EVENTS), max_size=30)
HOW_FAR = {"prepared": 0, "handed_over": 1, "received": 2, "refused": 3, "accepted": 4}


def walk(events: list[Event]) -> str:
    state = PREPARED
    for event in events:
        state = after(state, event)
    return state


@given(sequences)
def test_green_is_a_receipt_red_a_signed_refusal_and_never_both(events: list[Event]) -> None:
    state = walk(events)
    assert (state == ACCEPTED) == ("delivered" in events)
    assert (state == REFUSED) == ("refused" in events and "delivered" not in events)


@given(sequences, st.sampled_from(EVENTS))
def test_nothing_goes_back(events: list[Event], last: Event) -> None:
    before = walk(events)
    assert HOW_FAR[after(before, last)] >= HOW_FAR[before]


@given(sequences.filter(lambda events: not {"delivered", "refused"} & set(events)))
def test_without_a_signed_word_it_goes_on_waiting(events: list[Event]) -> None:
    assert walk(events) in WAITING


def test_the_table_in_the_document_is_the_rule() -> None:
    lines = (outbox_state.__doc__ or "").splitlines()
    head = next(line for line in lines if line.startswith("what happened")).removeprefix("what happened").split()
    assert set(head) == set(STATES)
    rows = [line.split() for line in lines if re.match(r"`\w+` ", line)]
    told = {(state, row[0].strip("`")): said for row in rows for state, said in zip(head, row[1:], strict=True)}
    assert set(told) == {(state, event) for state in STATES for event in EVENTS}
    for (state, event), said in told.items():
        assert after(state, event) == (state if said == "·" else said)  # type: ignore[arg-type]


def test_what_an_attempt_means() -> None:
    assert event_of(Noted()) == event_of(Unproven("signature")) == "noted"
    assert event_of(Declined("shelter_revoked", None)) == "hearsay"
    assert event_of(Waiting("timeout")) == "lost"
    assert event_of(Waiting("name")) == event_of(Waiting("tls_untrusted")) == "not_reached"
    assert not {"down", "name", "tls_untrusted", "tls_dates", "proxy", "redirected"} & MAYBE_THERE


def test_every_state_has_its_words_on_paper_and_on_the_command_line() -> None:
    for state in STATES:
        assert PrintText().say(f"report_state_{state}").it
        assert tr(f"cli.report_{state}", month="", revision="", sha="")
